// Names of leases: the time, then what nobody can guess. Names of one hour lie beside each other, and so do their places in an index.
import { type LeaseId, leaseIdOf } from '@manyhands/contract';

const TIME_BYTES = 6;
export const LEASE_ID_RANDOM_BYTES = 10;

/** The name of a lease that is granted at `nowMs`, milliseconds since 1970. `random`: 10 bytes that nobody else got. */
export function leaseIdAt(nowMs: number, random: Uint8Array): LeaseId {
  const bytes = Buffer.alloc(TIME_BYTES + LEASE_ID_RANDOM_BYTES);
  bytes.writeUIntBE(nowMs, 0, TIME_BYTES);
  bytes.set(random, TIME_BYTES);
  return leaseIdOf(bytes);
}
