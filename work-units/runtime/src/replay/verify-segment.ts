// Re-runs one segment of a chain alone: from the state at one mark to the next mark or the end.
import { equalBytes } from '@manyhands/contract';
import { markLink } from '../chain/links.js';
import { UnitMachine } from '../machine/unit-machine.js';
import { SLICE_FUEL } from '../run-unit.js';
import { refusal } from '../snapshot/reading.js';
import type { RunOptions, UnitInput, UnitOutcome } from '../unit.js';

/** Where a segment begins: a snapshot taken exactly at a mark, and the link that is agreed for it. */
export type SegmentStart = { snapshot: Uint8Array; link: Uint8Array };
export type SegmentOptions = RunOptions & {
  /** null: the start of the unit. */
  from: SegmentStart | null;
};
export type SegmentEnd = {
  /** The number of `link`, counted from 1. */
  index: number;
  /** What the chain must continue with; null when this host could not tell (`outcome`). */
  link: Uint8Array | null;
  /** Set when the unit ends in this segment. */
  outcome: UnitOutcome | null;
};

/** Throws ManyhandsError MH-CKP-… when the snapshot is refused, MH-CKP-005 in particular when it is not the state of the agreed link. */
export function verifySegment(module: WebAssembly.Module, input: UnitInput, options: SegmentOptions): SegmentEnd {
  const { from, ...run } = options;
  const machine = UnitMachine.start(module, input, from === null ? run : { ...run, snapshot: from.snapshot });
  if (from !== null) mustBeAtLink(machine, from.link);
  const before = machine.markCount;
  for (;;) {
    const end = machine.runSlice(SLICE_FUEL);
    if (end.kind === 'ended') return { index: before + 1, link: machine.links[before] ?? null, outcome: end.outcome };
    if (machine.markCount > before)
      return { index: machine.markCount, link: machine.links.at(-1) ?? null, outcome: null };
  }
}

/** Throws ManyhandsError MH-CKP-005 otherwise. The state makes the agreed link only together with the fuel, the number of the mark and the link before it. */
export function mustBeAtLink(machine: UnitMachine, agreed: Uint8Array): void {
  const { links, fuelUsed: fuel, markCount: index } = machine;
  const previous = links.at(-2) ?? machine.subject;
  const link = index === 0 ? null : markLink({ previous, index, fuel, stateHash: machine.stateHash() });
  if (link === null || !equalBytes(link, agreed)) throw refusal('MH-CKP-005', 'it is not the state of the agreed link');
}
