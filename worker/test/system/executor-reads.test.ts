// What the executor process may read: with its own flags, a program of ours looks for what it must not see.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { temporaryFolderSync } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { createExecutor } from '../../dist/executor/daemon/executor.js';
import { HELLO } from '../support/modules.js';
import { taskOf } from '../support/tasks.js';

const WORKER = realpathSync(join(import.meta.dirname, '../..'));
const REPOSITORY = dirname(WORKER);

/** The paths of those given that can be read under the flags of a running executor. */
async function readable(paths: readonly string[]): Promise<string[]> {
  const executor = createExecutor({ threadCount: 1, memoryBytes: 256 * 2 ** 20 });
  try {
    await executor.run(await taskOf(HELLO));
    const words = readFileSync(`/proc/${executor.pid()}/cmdline`, 'utf8').split('\0');
    const flags = words.filter((word) => word.startsWith('--permission') || word.startsWith('--allow'));
    const program =
      'const fs = require("node:fs"); const can = (path) => { try { fs.statSync(path).isDirectory() ? fs.readdirSync(path) : fs.readFileSync(path); return true; } catch (error) { if (error.code !== "ERR_ACCESS_DENIED") throw error; return false; } };' +
      'console.log(JSON.stringify(JSON.parse(process.argv[1]).filter(can)))';
    const said = execFileSync(process.execPath, [...flags, '--eval', program, JSON.stringify(paths)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(said) as string[];
  } finally {
    await executor.stop();
  }
}

test('the executor reads the packages that it imports and nothing beside them', async () => {
  const own = [
    join(WORKER, 'dist/executor/process/executor-process.js'),
    join(REPOSITORY, 'work-units/contract/dist/index.js'),
    join(REPOSITORY, 'node_modules/zod/package.json'),
  ];
  const secret = join(temporaryFolderSync('secret'), 'secret');
  writeFileSync(secret, 'x');
  const others = [
    ...[REPOSITORY, dirname(REPOSITORY), homedir(), '/etc/passwd', '/proc/self/environ', secret],
    ...[join(REPOSITORY, 'package.json'), join(REPOSITORY, 'node_modules'), join(REPOSITORY, 'work-units')],
    ...[WORKER, join(WORKER, 'src/index.ts'), join(WORKER, 'dist'), join(WORKER, 'dist/index.js')],
    // Names that begin as those of what may be read: a prefix is not a folder.
    ...readdirSync(join(REPOSITORY, 'node_modules'))
      .filter((name) => /^(better-sqlite3|ws|z.*|p.*)$/.test(name) && !['zod', 'piscina'].includes(name))
      .map((name) => join(REPOSITORY, 'node_modules', name, 'package.json')),
  ];
  expect(await readable([...own, ...others])).toEqual(own);
});
