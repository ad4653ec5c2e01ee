// Keys and leases for tests.
import {
  coordinatorIdOf,
  hostIdOf,
  keyPairOfSeed,
  type Lease,
  leaseIdOf,
  rawCidOf,
  utf8Bytes,
} from '@manyhands/contract';

export const coordinatorKey = keyPairOfSeed(new Uint8Array(32).fill(1));
export const coordinatorId = coordinatorIdOf(coordinatorKey.publicKey);
export const hostKey = keyPairOfSeed(new Uint8Array(32).fill(2));
export const OPTIONS = { hostId: hostIdOf(hostKey.publicKey) };
const hash = 'a'.repeat(52);

export function leaseOf(number: number, ranges: [number, number][], durationMs = 30_000): Lease {
  return {
    leaseId: leaseIdOf(utf8Bytes(String(number).padStart(16, '0'))),
    durationMs,
    manifestCid: rawCidOf(utf8Bytes('manifest')),
    projectId: `proj_${hash}` as Lease['projectId'],
    batchId: `batch_${hash}` as Lease['batchId'],
    appVersionId: `app_${hash}` as Lease['appVersionId'],
    ranges,
    build: 'nonleaf',
    checkpoint: null,
  };
}
