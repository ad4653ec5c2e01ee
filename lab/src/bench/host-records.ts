// What a host that only plays a worker signs: its proof, its progress, its receipts.
import { randomBytes } from 'node:crypto';
import {
  type CoordinatorId,
  challengePayloadSchema,
  encodeBundle,
  type HostId,
  hostIdOf,
  type KeyPair,
  keyPairOfSeed,
  type Lease,
  type MessageOf,
  type MessageToCoordinator,
  open,
  seal,
  utf8Bytes,
} from '@manyhands/contract';

/** What each unit is said to take. */
const FUEL = 1_000_000;
const FRESH_BYTES = { key: 32, nonce: 16 };

export class HostRecords {
  private readonly key: KeyPair = keyPairOfSeed(new Uint8Array(randomBytes(FRESH_BYTES.key)));
  readonly hostId: HostId = hostIdOf(this.key.publicKey);

  constructor(private readonly coordinatorId: CoordinatorId) {}

  hello(): MessageToCoordinator {
    const nonce = new Uint8Array(randomBytes(FRESH_BYTES.nonce));
    const versions = { protocolMinimum: 1, protocolMaximum: 1, features: [], clientVersion: 'load' };
    return { t: 'hello', ...versions, hostKey: new Uint8Array(this.key.publicKey), nonce };
  }

  /** Answers a challenge, whose signature is checked. Throws when it does not hold. */
  prove({ envelope }: MessageOf<'challenge'>): MessageToCoordinator {
    const { coordinatorId } = this;
    const opened = open(envelope, { type: 'challenge', coordinatorId }, { schema: challengePayloadSchema });
    if (!opened.ok) throw new Error(opened.reason);
    const machine = { cores: 8, memoryBytes: 2 ** 34, platform: 'load', arch: 'load', engine: 'load' };
    const proof = { version: 1, coordinatorNonce: opened.value.coordinatorNonce, ...machine };
    return { t: 'prove', envelope: this.sealed(proof, 'host-proof'), binding: { kind: 'keep' } };
  }

  request(id: number, maximumUnits: number): MessageToCoordinator {
    const wishes = { memoryBytes: 2 ** 33, availableMs: null, projectIds: null, cachedManifests: [] };
    return { t: 'lease.request', id, maximumUnits, ...wishes };
  }

  /** `marks`: how far the host has come with the lease. */
  renewal(id: number, { leaseId }: Lease, marks: number): MessageToCoordinator {
    const progress = { version: 1, hostId: this.hostId, leases: [[leaseId, 0, marks, marks]] };
    return { t: 'lease.renew', id, leaseIds: [leaseId], progress: this.sealed(progress, 'progress') };
  }

  /** A receipt for units of a lease, with their results. */
  receipt(
    id: number,
    lease: Lease,
    { indexes = indexesOf(lease), elapsedMs = 3 }: { indexes?: readonly number[]; elapsedMs?: number } = {},
  ): MessageToCoordinator {
    const { leaseId, manifestCid, appVersionId, build } = lease;
    const made = indexes.map((index) => ({ index, ...resultOf(index) }));
    const successes = made.map(({ index, digest, bundle }) => [
      index,
      digest,
      bundle.length,
      elapsedMs,
      FUEL,
      1,
      digest,
    ]);
    const program = { appVersionId, build, engine: 'load' };
    const receipt = { version: 1, hostId: this.hostId, leaseId, manifestCid, ...program, successes, failures: [] };
    const bundles = made.map(({ index, bundle }): [number, Uint8Array<ArrayBuffer>] => [index, new Uint8Array(bundle)]);
    return { t: 'receipts', id, envelope: this.sealed(receipt, 'receipt'), bundles };
  }

  private sealed(record: object, type: 'host-proof' | 'progress' | 'receipt'): Uint8Array<ArrayBuffer> {
    return new Uint8Array(seal(record, { type, coordinatorId: this.coordinatorId }, this.key));
  }
}

export function indexesOf({ ranges }: Lease): number[] {
  return ranges.flatMap(([first, count]) => Array.from({ length: count }, (_, offset) => first + offset));
}

/** What every honest host makes of a unit: a line of text, different for each unit. */
function resultOf(index: number): { digest: Uint8Array; bundle: Uint8Array } {
  const line = `unit ${index}: score ${(index * 7919) % 104_729}, position ${(index * 104_729) % 4_938_920}, strand +\n`;
  return encodeBundle({ exitCode: 0, stdout: utf8Bytes(line), files: [] });
}
