// The seed of a unit's randomness: the same on every host and in local runs, another for every unit of a program.
import { sha256 } from '#crypto';
import { encodeDagCbor } from '../encoding/dag-cbor.js';
import type { Cid } from '../ids/cid.js';

/** 32 bytes that depend on the module as its author made it and the unit's name only, so that a trial run before submission computes the same. */
export function unitSeedOf(originalCid: Cid, unitName: string): Uint8Array {
  return sha256(encodeDagCbor(['manyhands/unit-seed/v1', originalCid, unitName]));
}
