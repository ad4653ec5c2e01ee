// Runs one unit on this computer in a thread of its own, with a time limit.
import { Worker } from 'node:worker_threads';
import { afterAwake, ManyhandsError } from '@manyhands/contract';
import type { MachineOptions, UnitInput, UnitOutcome } from '@manyhands/runtime';

export type LocalUnit = { wasm: Uint8Array<ArrayBuffer>; input: UnitInput; options: MachineOptions };
export type LocalRun = { outcome: UnitOutcome; elapsedMs: number };

/** Runs one build of a program. A run over its time is the host failure MH-HOST-003. Throws MH-GEN-001 when the thread dies, the signal's reason when aborted. */
export async function runInThread(
  unit: LocalUnit,
  options: { timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<LocalRun> {
  options.signal?.throwIfAborted();
  const thread = new Worker(new URL('./unit-thread.js', import.meta.url), { workerData: unit });
  let stopTimer = (): void => {};
  let onAbort: (() => void) | undefined;
  try {
    return await new Promise<LocalRun>((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', (cause: Error) =>
        reject(new ManyhandsError('MH-GEN-001', { message: cause.message, cause })),
      );
      thread.once('exit', () =>
        reject(new ManyhandsError('MH-GEN-001', { message: 'The thread ended before the unit.' })),
      );
      stopTimer = afterAwake(options.timeoutMs, () => resolve(timedOut(options.timeoutMs)));
      onAbort = () => reject(options.signal?.reason);
      options.signal?.addEventListener('abort', onAbort, { once: true });
    });
  } finally {
    stopTimer();
    if (onAbort) options.signal?.removeEventListener('abort', onAbort);
    await thread.terminate();
  }
}

function timedOut(timeoutMs: number): LocalRun {
  const message = `the unit ran longer than ${timeoutMs} ms`;
  return { outcome: { kind: 'host-failure', code: 'MH-HOST-003', message, stderrTail: '' }, elapsedMs: timeoutMs };
}
