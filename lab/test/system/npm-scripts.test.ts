// Every npm script answers --help in the same form, and refuses what it does not know in one line.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const names = Object.keys(scripts);
/** What npm would run. */
const run = (name: string, words: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync('sh', ['-c', `${scripts[name]} "$@"`, 'sh', ...words], { cwd: root, encoding: 'utf8' });

describe('every npm script', () => {
  it.each(names)('%s answers --help', (name) => {
    const { status, stdout, stderr } = run(name, ['--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const call = name === 'test' ? 'npm test' : `npm run ${name}`;
    expect(stdout.split('\n')[0]).toBe(`${call} [-- <options>]`);
    expect(stdout).toMatch(/^ {2}--help +this text$/m);
    expect(stdout).toContain('Exit codes: 0 done; 1 something failed; 2 wrong usage; 3 ');
  });

  it.each(names.filter((name) => name !== 'test' && name !== 'test:all'))('%s refuses an unknown option', (name) => {
    const { status, stdout, stderr } = run(name, ['--no-such-option']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(`npm run ${name} -- --help`);
  });
});

describe('what a script says', () => {
  it('of the demo are the options of the command', () => {
    const { stdout } = spawnSync('node', ['cli/bin/manyhands.js', 'demo', '--help'], { cwd: root, encoding: 'utf8' });
    expect(flagsIn(run('demo', ['--help']).stdout)).toEqual(flagsIn(stdout));
  });

  it('refuses words where a number belongs', () => {
    const { status, stderr } = run('bench:pool', ['--rounds', 'many']);
    expect(status).toBe(2);
    expect(stderr).toBe('--rounds takes a number; see npm run bench:pool -- --help\n');
  });

  it('lacks is one line with the remedy', () => {
    const { status, stdout, stderr } = spawnSync('node', ['lab/dist/bench/engine.js'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, WASI_CLANG: join(root, 'no-such-clang') },
    });
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain('apt-get install clang lld wasi-libc');
  });
});

function flagsIn(help: string): string[] {
  return [...help.matchAll(/^ +(?:-h, )?(--[a-z-]+)/gm)].map(([, flag]) => flag as string).sort();
}
