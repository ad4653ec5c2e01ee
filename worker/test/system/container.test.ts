// A worker in a group with less memory and fewer cores than the machine has, as in a container: the group counts.
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder, until } from '@manyhands/testing';
import { afterEach, expect, test } from 'vitest';
import { type ControlGroup, makeControlGroup } from '../support/control-group.js';
import { CAT } from '../support/modules.js';
import { ScriptedCoordinator } from '../support/scripted-coordinator.js';
import { WorkerProcess } from '../support/worker-process.js';

const GIBIBYTE = 1024 ** 3;
const LIMITS = { memoryBytes: GIBIBYTE, cores: 1 };

/** Null, and said in one line, where no group can be made; with MANYHANDS_REQUIRE_ALL=1 that is an error. */
function tryGroup(): ControlGroup | null {
  try {
    return makeControlGroup(`manyhands-test-${process.pid}`, LIMITS);
  } catch (error) {
    if (process.env.MANYHANDS_REQUIRE_ALL === '1') throw error;
    console.warn(`skipped: a worker in a control group (${(error as Error).message})`);
    return null;
  }
}

const group = tryGroup();
let coordinator: ScriptedCoordinator | undefined;
let worker: WorkerProcess | undefined;
afterEach(async () => {
  await worker?.kill();
  await coordinator?.stop();
  await group?.remove();
});

test.skipIf(group === null)(
  'half of what the group has is used, and more than it has is lowered with a warning',
  async () => {
    expect(totalmem(), 'a machine with more than its group').toBeGreaterThan(LIMITS.memoryBytes);
    coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: [new Uint8Array(5)] });
    const dataDirectory = join(await temporaryFolder(), 'worker');
    const options = { coordinatorUrl: coordinator.url, dataDirectory, cpus: 500, logLevel: 'warn' } as const;
    worker = new WorkerProcess(options, group?.entries);
    await until('a result', () => coordinator?.results.size === 1);
    expect(worker.status()?.limits).toMatchObject({ cores: 1, memoryBytes: GIBIBYTE / 2 });
    expect(worker.stderr).toContain('lowered 500 cores to 1');
  },
);
