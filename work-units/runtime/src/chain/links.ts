// The links of the chain: each is bound to all before it, so that two chains that differ once differ from there on (CHAIN.md).
import {
  type Build,
  COST_TABLE,
  encodeDagCbor,
  HOST_ABI,
  merkleLeafHash,
  merkleRoot,
  sha256,
} from '@manyhands/contract';
import type { UnitInput } from '../unit.js';

/** What a chain is about, besides the unit's input. */
export type ChainSubject = { build: Build; moduleCid: string; markSpacing: number };

/** Link 0: names the unit but for the contents of its inputs, which the state at the first mark covers. */
export function firstLink({ build, moduleCid, markSpacing }: ChainSubject, input: UnitInput): Uint8Array {
  const { limits } = input;
  return sha256(
    encodeDagCbor([
      'manyhands/chain/v1',
      HOST_ABI,
      COST_TABLE,
      build,
      moduleCid,
      markSpacing,
      input.fuelMaximum,
      [...input.args],
      Object.entries(input.env ?? {}).sort(([left], [right]) => (left < right ? -1 : 1)),
      input.stdin.length,
      input.files.map(({ name, bytes }) => [name, bytes.length]),
      [...input.collect],
      [...input.okExitCodes],
      input.seed,
      input.clockMs ?? null,
      [limits.memoryMaximumBytes, limits.outputMaximumBytes, limits.openFilesMaximum, limits.fileTreeMaximumBytes],
    ]),
  );
}

export type MarkLink = { previous: Uint8Array; index: number; fuel: number; stateHash: Uint8Array };

/** The link of mark `index`, counted from 1. */
export function markLink({ previous, index, fuel, stateHash }: MarkLink): Uint8Array {
  return sha256(encodeDagCbor(['manyhands/link/v1', previous, index, fuel, stateHash]));
}

/** How a unit ended, as far as all hosts agree on it. */
export type AgreedEnd =
  | { kind: 'success'; exitCode: number; resultDigest: Uint8Array }
  | { kind: 'unit-failure'; code: string; exitCode: number | null };

/** The last link: instead of a state it holds what came of the unit. */
export function lastLink(at: Omit<MarkLink, 'stateHash'>, end: AgreedEnd): Uint8Array {
  const { previous, index, fuel } = at;
  const outcome =
    end.kind === 'success' ? [end.kind, end.exitCode, end.resultDigest] : [end.kind, end.code, end.exitCode];
  return sha256(encodeDagCbor(['manyhands/last-link/v1', previous, index, fuel, outcome]));
}

/** The Merkle root over the links from link 1 on, which proves single links; null when there is none yet. */
export function chainRootOf(links: readonly Uint8Array[]): Uint8Array | null {
  return links.length === 0 ? null : merkleRoot(links.map(merkleLeafHash));
}
