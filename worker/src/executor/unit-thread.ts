// A thread of the pool: runs one unit at a time and packs its result. It sees no environment, key, socket or database.
import { encodeBundle } from '@manyhands/contract';
import { runUnit, type UnitInput } from '@manyhands/runtime';
import type { Execution } from './messages.js';

export type ThreadTask = { module: WebAssembly.Module; input: UnitInput };

/** A unit shorter than this leaves its memory to the ordinary rhythm of garbage collection. */
const COLLECT_AFTER_MS = 50;

export default function run({ module, input }: ThreadTask): Execution {
  const startedAtMs = performance.now();
  const outcome = runUnit(module, input);
  const elapsedMs = performance.now() - startedAtMs;
  // The unit's linear memory is garbage now; a small heap alone would let it lie for long. Present with --expose-gc.
  if (elapsedMs > COLLECT_AFTER_MS) globalThis.gc?.();
  if (outcome.kind !== 'success') return { exitCode: null, ...outcome, elapsedMs };
  const { bundle, digest } = encodeBundle(outcome);
  return { kind: 'success', bundle, digest, elapsedMs };
}
