// Ordinary C programs, compiled by Debian's clang, do in a unit what they do natively.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runUnit, type UnitOutcome, type UnitSuccess } from '@manyhands/runtime';
import { describe, expect, test } from 'vitest';
import {
  compileNatively,
  compileToWasm,
  hasNativeCompiler,
  missingToolchain,
  withFolder,
} from '../support/c-programs.js';
import { bytesOf, textOf, unitInput } from '../support/guest.js';

const hasToolchain = missingToolchain() === null;
const STDIN = 'first\nsecond line\n\nlast';
const DATA = 'some data\n';

function run(program: string, changes: Parameters<typeof unitInput>[0] = {}): UnitOutcome {
  const files = [{ name: 'in/data.txt', bytes: bytesOf(DATA) }];
  return runUnit(new WebAssembly.Module(compileToWasm(program)), unitInput({ files, ...changes }));
}

function succeed(outcome: UnitOutcome): UnitSuccess {
  expect(outcome).toMatchObject({ kind: 'success' });
  return outcome as UnitSuccess;
}

describe.skipIf(!hasToolchain)('programs in C', () => {
  test('files, folders, arguments and standard input', () => {
    const outcome = succeed(
      run('files.c', {
        args: ['files', 'one', 'zwei ü'],
        stdin: bytesOf(STDIN),
        collect: ['result.bin', 'made/a.txt'],
      }),
    );
    const output = textOf(outcome.stdout);
    expect(output).toContain('argument 2: zwei ü\nline 1 has 6 bytes\n');
    expect(output).toContain('show in/data.txt: 10 bytes "some data\\10"');
    expect(output).toContain('stat 0 size 64 file 1 folder 0');
    expect(output).toContain('list made/deeper: b.txt');
    expect(output).toContain('rmdir full -1 ENOTEMPTY');
    expect(outcome.stderrTail).toBe('4 lines\n');
    expect(outcome.files).toEqual([
      { name: 'result.bin', bytes: Uint8Array.from({ length: 300 }, (_, index) => index & 255) },
      { name: 'made/a.txt', bytes: null },
    ]);
  });

  test('an exit code is a failure unless it was declared', () => {
    const args = ['files', 'fail'];
    expect(run('files.c', { args })).toMatchObject({
      kind: 'unit-failure',
      code: 'MH-UNIT-002',
      exitCode: 3,
      stderrTail: '0 lines\n',
    });
    expect(run('files.c', { args, okExitCodes: [0, 3] })).toMatchObject({ kind: 'success', exitCode: 3 });
  });

  test('no time, no randomness of its own, no variables, no way out', () => {
    const output = textOf(succeed(run('environment.c', { env: { MODE: 'fast' } })).stdout);
    expect(output.split('\n')).toEqual([
      'Sat Jan  1 00:00:00 2000',
      'passed 0',
      '76b8e0ada0f13d90',
      'HOME=unset MODE=fast',
      'open /etc/passwd: No such file or directory',
      'open ../../etc/passwd: Capabilities insufficient',
      'open in/../../../etc/passwd: Capabilities insufficient',
      'open in/../in/data.txt: opened',
      'terminal 0 0',
      '',
    ]);
  });

  test.skipIf(!hasNativeCompiler())('the same bytes as natively', () => {
    const native = (program: string, args: readonly string[]): { stdout: string; result: Uint8Array | null } =>
      withFolder((folder) => {
        const path = compileNatively(program, folder);
        mkdirSync(join(folder, 'in'));
        writeFileSync(join(folder, 'in', 'data.txt'), DATA);
        const { status, stdout, stderr } = spawnSync(path, args, { cwd: folder, input: STDIN, encoding: 'utf8' });
        expect(status, stderr).toBe(0);
        return {
          stdout,
          result: program === 'files.c' ? new Uint8Array(readFileSync(join(folder, 'result.bin'))) : null,
        };
      });
    for (const program of ['files.c', 'numbers.c']) {
      const expected = native(program, ['x', 'y z']);
      const outcome = succeed(
        run(program, { args: [program, 'x', 'y z'], stdin: bytesOf(STDIN), collect: ['result.bin'] }),
      );
      expect(textOf(outcome.stdout), program).toBe(expected.stdout);
      expect(outcome.files[0]?.bytes, program).toEqual(expected.result);
    }
  });
});
