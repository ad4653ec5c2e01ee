// Ordinary C programs, compiled by Debian's clang, do in a unit what they do natively.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnitMachine, type UnitOutcome, type UnitSuccess } from '@manyhands/runtime';
import { describe, expect, test } from 'vitest';
import {
  compileNatively,
  compileToWasm,
  hasNativeCompiler,
  missingToolchain,
  withFolder,
} from '../support/c-programs.js';
import { bytesOf, textOf, unitInput } from '../support/guest.js';
import { type Prepared, prepare, runMachine, runOptions, SPACING } from '../support/machine.js';

const hasToolchain = missingToolchain() === null;
const STDIN = 'first\nsecond line\n\nlast';
const DATA = 'some data\n';

const known = new Map<string, Promise<Prepared>>();

/** Each program is compiled and instrumented once. */
function preparedProgram(program: string): Promise<Prepared> {
  const prepared = known.get(program) ?? prepare(compileToWasm(program));
  known.set(program, prepared);
  return prepared;
}

/** In the build `nonleaf`, stopped and taken up by another instance now and then; the build `all` must do the same. */
async function run(program: string, changes: Parameters<typeof unitInput>[0] = {}): Promise<UnitOutcome> {
  const files = [{ name: 'in/data.txt', bytes: bytesOf(DATA) }];
  const input = unitInput({ files, ...changes });
  const prepared = await preparedProgram(program);
  // Some hundred marks, whatever the program takes.
  const markSpacing = program === 'numbers.c' ? 2 ** 24 : SPACING;
  const outcomes = (['nonleaf', 'all'] as const).map((build) => {
    const start = (snapshot?: Uint8Array): UnitMachine =>
      UnitMachine.start(prepared[build], input, runOptions(build, { markSpacing, ...(snapshot && { snapshot }) }));
    const moved = runMachine(
      start(),
      (slice) => markSpacing / 4 + 997 * slice,
      (machine, slice) => (slice % 5 === 0 ? start(machine.snapshot()) : machine),
    );
    expect(moved, program).toEqual(runMachine(start()));
    return moved;
  });
  const [nonleaf, all] = outcomes as [UnitOutcome, UnitOutcome];
  expect(comparable(all), program).toEqual(comparable(nonleaf));
  return nonleaf;
}

/** All but the chain, which is another one for each build. */
function comparable(outcome: UnitOutcome): unknown {
  return 'links' in outcome ? { ...outcome, links: null, chainRoot: null, markCount: null } : outcome;
}

function succeed(outcome: UnitOutcome): UnitSuccess {
  expect(outcome).toMatchObject({ kind: 'success' });
  return outcome as UnitSuccess;
}

describe.skipIf(!hasToolchain)('programs in C', () => {
  test('files, folders, arguments and standard input', async () => {
    const outcome = succeed(
      await run('files.c', {
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

  test('an exit code is a failure unless it was declared', async () => {
    const args = ['files', 'fail'];
    expect(await run('files.c', { args })).toMatchObject({
      kind: 'unit-failure',
      code: 'MH-UNIT-002',
      exitCode: 3,
      stderrTail: '0 lines\n',
    });
    expect(await run('files.c', { args, okExitCodes: [0, 3] })).toMatchObject({ kind: 'success', exitCode: 3 });
  });

  test('no time, no randomness of its own, no variables, no way out', async () => {
    const output = textOf(succeed(await run('environment.c', { env: { MODE: 'fast' } })).stdout);
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

  test.skipIf(!hasNativeCompiler())('the same bytes as natively', async () => {
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
        await run(program, { args: [program, 'x', 'y z'], stdin: bytesOf(STDIN), collect: ['result.bin'] }),
      );
      expect(textOf(outcome.stdout), program).toBe(expected.stdout);
      expect(outcome.files[0]?.bytes, program).toEqual(expected.result);
    }
  });
});
