// Turns a unit into the message that starts it: bytes are named, not sent.

import type { RunMessage } from '../messages/messages.js';
import type { ExecutorTask, Keeping, SavedSnapshot } from './ports.js';

export function runMessage(
  { id, task, keeping }: { id: number; task: ExecutorTask; keeping: Keeping | null },
  saved: SavedSnapshot | null,
): RunMessage {
  const { build, markSpacing, args, env, collect, okExitCodes, seed, clockMs, fuelMaximum, limits, timeoutMs } = task;
  return {
    ...{ id, build, markSpacing, args, env, collect, okExitCodes, seed, clockMs, fuelMaximum, limits, timeoutMs },
    module: task.module.name,
    stdin: task.stdin?.name ?? null,
    files: task.files.map(({ name, blob }) => ({ name, blob: blob.name })),
    resume: saved && {
      ...{ sizeBytes: saved.sizeBytes, isCompressed: saved.isCompressed, elapsedMs: saved.elapsedMs },
      expected: saved.expected,
    },
    snapshotIntervalMs: keeping ? keeping.intervalMs : 'never',
  };
}
