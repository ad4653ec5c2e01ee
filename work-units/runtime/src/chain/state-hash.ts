// The hash of everything that the further course of a unit depends on (CHAIN.md). Standard error is not part of it.
import { encodeDagCbor, sha256 } from '@manyhands/contract';
import { contentDigest } from '../files/content-digest.js';
import type { GuestState } from '../guest/guest.js';
import type { HostState } from '../host/host-state.js';
import { hostRecord } from '../snapshot/host-record.js';

export type UnitState = {
  fuel: number;
  guest: GuestState;
  memorySizeBytes: number;
  memoryRoot: Uint8Array;
  host: HostState;
};

export function stateHashOf({ fuel, guest, memorySizeBytes, memoryRoot, host }: UnitState): Uint8Array {
  return sha256(
    encodeDagCbor([
      'manyhands/state/v1',
      guest.phase,
      fuel,
      guest.depth,
      memorySizeBytes,
      memoryRoot,
      guest.globals,
      guest.stack,
      hostRecord(host, (content) => [content.sizeBytes, contentDigest(content)]),
    ]),
  );
}
