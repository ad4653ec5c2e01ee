// Runs one unit on this computer in a confined process of its own, with a limit of time and of memory.
import { afterAwake, ManyhandsError } from '@manyhands/contract';
import { type Confined, findWall, type Wall, watchMemory } from '@manyhands/sandbox';
import { launchUnit } from './launch-unit.js';
import { type LocalRun, localRunOf } from './local-run.js';
import type { LocalUnit } from './unit/unit-thread.js';

/** What the process may take beside the memory, the files and the output of its unit: Node, the module and the program’s code. */
const OVERHEAD_BYTES = 1024 * 1024 * 1024;
const STDERR_MAXIMUM_CHARACTERS = 1000;

/** The best wall of this computer, tried once. */
let wall: Promise<Wall> | undefined;

/**
 * Runs one build of a program. A run over its time is the host failure MH-HOST-003, one over its memory MH-HOST-001. Throws MH-GEN-001 when the process
 * dies, the signal's reason when aborted.
 */
export async function runConfined(
  unit: LocalUnit,
  options: { timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<LocalRun> {
  wall ??= findWall({ policy: 'best' });
  const standing = await wall;
  options.signal?.throwIfAborted();
  const { memoryMaximumBytes, fileTreeMaximumBytes, outputMaximumBytes } = unit.input.limits;
  const memoryBytes = memoryMaximumBytes + fileTreeMaximumBytes + outputMaximumBytes + OVERHEAD_BYTES;
  const confined = launchUnit({ memoryBytes }, standing);
  try {
    confined.child.send(unit, () => {});
    return await answerOf(confined, { ...options, memoryBytes });
  } finally {
    await confined.kill();
  }
}

function answerOf(
  confined: Confined,
  { timeoutMs, memoryBytes, signal }: { timeoutMs: number; memoryBytes: number; signal?: AbortSignal | undefined },
): Promise<LocalRun> {
  const { child } = confined;
  let errors = '';
  child.stderr?.on('data', (part: Buffer) => {
    errors = (errors + part.toString()).slice(0, STDERR_MAXIMUM_CHARACTERS);
  });
  let stop = (): void => {};
  return new Promise<LocalRun>((resolve, reject) => {
    const stopTimer = afterAwake(timeoutMs, () => resolve(hostFailure('MH-HOST-003', timeoutMs)));
    const stopWatching = watchMemory(confined, (residentBytes) => {
      if (residentBytes > memoryBytes) resolve(hostFailure('MH-HOST-001', timeoutMs));
    });
    const onAbort = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    stop = () => {
      stopTimer();
      stopWatching();
      signal?.removeEventListener('abort', onAbort);
    };
    child.once('message', (message) => {
      const run = localRunOf(message);
      if (run) resolve(run);
      else reject(died('it said something else than what became of the unit'));
    });
    child.once('error', (cause) => reject(died(cause.message)));
    child.once('close', () => {
      if (confined.isOverMemory) resolve(hostFailure('MH-HOST-001', timeoutMs));
      else reject(died(errors.trim() || 'it ended before the unit'));
    });
  }).finally(() => stop());
}

function died(why: string): ManyhandsError {
  return new ManyhandsError('MH-GEN-001', { message: `The process that runs the unit failed: ${why}` });
}

function hostFailure(code: 'MH-HOST-001' | 'MH-HOST-003', timeoutMs: number): LocalRun {
  const message =
    code === 'MH-HOST-003' ? `the unit ran longer than ${timeoutMs} ms` : 'the unit took more memory than it may have';
  return { outcome: { kind: 'host-failure', code, message, stderrTail: '' }, elapsedMs: timeoutMs };
}
