// Identifiers for tests: real CIDs of small contents.
import { type Cid, rawCidOf, utf8Bytes } from '@manyhands/contract';

/** `count` different CIDs, the same ones each time. */
export function someCids(count: number, prefix = 'block'): Cid[] {
  return Array.from({ length: count }, (_, index) => rawCidOf(utf8Bytes(`${prefix} ${index}`)));
}
