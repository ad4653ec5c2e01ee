// The snapshot of any mark: one that is still kept, or computed again from the nearest one before it.
import { equalBytes, isManyhandsError, ManyhandsError } from '@manyhands/contract';
import type { RetainedSnapshots } from '../chain/retained-snapshots.js';
import { UnitMachine } from '../machine/unit-machine.js';
import { SLICE_FUEL } from '../run-unit.js';
import { refusal } from '../snapshot/reading.js';
import type { RunOptions, UnitInput, UnitOutcome } from '../unit.js';
import { mustBeAtLink } from './verify-segment.js';

export type SnapshotAtMarkOptions = RunOptions & {
  /** From 1 on; the start of a unit needs no snapshot, and its end has none. */
  mark: number;
  /** The chain of the unit, at least up to that mark: what is given or kept must agree with it. */
  links: readonly Uint8Array[];
  /** Not changed, but for ones that prove to be damaged: these are dropped. */
  retained: RetainedSnapshots;
};

/**
 * Synchronous, and up to as long as the unit itself: it belongs into a thread that can be terminated. Throws ManyhandsError MH-CKP-005 when the unit, computed again,
 * does not pass through the link of that mark, the code of the host failure when this host cannot compute it, and RangeError for a mark that `links` does not have.
 */
export function snapshotAtMark(
  module: WebAssembly.Module,
  input: UnitInput,
  options: SnapshotAtMarkOptions,
): Uint8Array {
  const { mark, links, retained, ...run } = options;
  const link = links[mark - 1];
  if (link === undefined) throw new RangeError(`there is no mark ${mark} in a chain of ${links.length}`);
  for (;;) {
    const from = retained.nearest(mark);
    const machine =
      from === null
        ? UnitMachine.start(module, input, run)
        : resumed(() => {
            const at = UnitMachine.start(module, input, { ...run, snapshot: from.snapshot });
            mustBeAtLink(at, links[from.mark - 1] as Uint8Array);
            return at;
          });
    if (machine === null) retained.drop(from?.mark ?? 0);
    else if (from?.mark === mark) return from.snapshot;
    else return runTo(machine, mark, link);
  }
}

/** The machine at a snapshot; null when the snapshot is damaged. */
function resumed(start: () => UnitMachine): UnitMachine | null {
  try {
    return start();
  } catch (error) {
    if (isManyhandsError(error) && error.code.startsWith('MH-CKP-')) return null;
    throw error;
  }
}

function runTo(machine: UnitMachine, mark: number, link: Uint8Array): Uint8Array {
  while (machine.markCount < mark) {
    const end = machine.runSlice(SLICE_FUEL);
    if (end.kind === 'ended') throw endedEarly(end.outcome);
  }
  if (!equalBytes(machine.links[mark - 1] as Uint8Array, link))
    throw refusal('MH-CKP-005', 'computed again, the unit has another link at that mark');
  return machine.snapshot();
}

function endedEarly(outcome: UnitOutcome): ManyhandsError {
  if (outcome.kind === 'host-failure') return new ManyhandsError(outcome.code, { message: outcome.message });
  return refusal('MH-CKP-005', 'computed again, the unit ends before that mark');
}
