// A real run of the runner with tests that hang: it says what they waited for and leaves no process and no file.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { TestProcess, temporaryFolder, until } from '../../src/index.js';

const RUNNER = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));
const HANGING = fileURLToPath(new URL('../fixtures/hanging', import.meta.url));

it('a test or hook that hangs is ended with a sentence for each wait, and its processes and folders with it', async () => {
  const folder = await temporaryFolder();
  const run = new TestProcess('vitest', [RUNNER, 'run', '--root', HANGING], {
    cwd: HANGING,
    environment: {
      TMPDIR: folder,
      NO_COLOR: '1',
      VITEST: undefined,
      VITEST_WORKER_ID: undefined,
      VITEST_POOL_ID: undefined,
    },
  });
  expect(await run.exit()).toBe(1);
  const said = run.stdout + run.stderr;
  expect(said).toMatch(/Test timed out in 500ms/);
  expect(said).toMatch(/waited \d+ s for the file to vanish/);
  expect(said).toMatch(/waited \d+ s for a line of silent one \(running\)/);
  expect(said).toMatch(/a hook waited \d+ s for a start that never comes/);
  expect(said).toMatch(/1 passed/);
  expect(said).not.toMatch(/Unhandled/);
  const pid = Number(/pid (\d+)/.exec(said)?.[1]);
  await until('the end of its process', () => !isAlive(pid));
  expect(readdirSync(folder)).toEqual([]);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
