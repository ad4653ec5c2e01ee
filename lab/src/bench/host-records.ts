// What a host that only plays a worker signs: its proof, its progress, its receipts.
import { randomBytes } from 'node:crypto';
import {
  type AccountBinding,
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

/** A message that gets its id when it is sent. */
type Asked<T extends MessageToCoordinator['t']> = Omit<Extract<MessageToCoordinator, { t: T }>, 'id'>;

export class HostRecords {
  readonly hostId: HostId;

  /** `key`: default: a new one. */
  constructor(
    private readonly coordinatorId: CoordinatorId,
    private readonly key: KeyPair = keyPairOfSeed(new Uint8Array(randomBytes(FRESH_BYTES.key))),
  ) {
    this.hostId = hostIdOf(key.publicKey);
  }

  hello(): MessageToCoordinator {
    const nonce = new Uint8Array(randomBytes(FRESH_BYTES.nonce));
    const versions = { protocolMinimum: 1, protocolMaximum: 1, features: [], clientVersion: 'load' };
    return { t: 'hello', ...versions, hostKey: new Uint8Array(this.key.publicKey), nonce };
  }

  /** Answers a challenge, whose signature is checked. Throws when it does not hold. */
  prove({ envelope }: MessageOf<'challenge'>, binding: AccountBinding = { kind: 'keep' }): MessageToCoordinator {
    const { coordinatorId } = this;
    const opened = open(envelope, { type: 'challenge', coordinatorId }, { schema: challengePayloadSchema });
    if (!opened.ok) throw new Error(opened.reason);
    const machine = { cores: 8, memoryBytes: 2 ** 34, platform: 'load', arch: 'load', engine: 'load' };
    const proof = { version: 1, coordinatorNonce: opened.value.coordinatorNonce, ...machine };
    return { t: 'prove', envelope: this.sealed(proof, 'host-proof'), binding };
  }

  request(maximumUnits: number): Asked<'lease.request'> {
    const wishes = { memoryBytes: 2 ** 33, availableMs: null, projectIds: null, cachedManifests: [] };
    return { t: 'lease.request', maximumUnits, ...wishes };
  }

  /** `marks`: how far the host has come with the lease. */
  renewal({ leaseId }: Lease, marks: number): Asked<'lease.renew'> {
    const progress = { version: 1, hostId: this.hostId, leases: [[leaseId, 0, marks, marks]] };
    return { t: 'lease.renew', leaseIds: [leaseId], progress: this.sealed(progress, 'progress') };
  }

  /** A receipt for units of a lease, with their results. */
  receipt(
    lease: Lease,
    { indexes = indexesOf(lease), elapsedMs = 3 }: { indexes?: readonly number[]; elapsedMs?: number } = {},
  ): Asked<'receipts'> {
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
    return { t: 'receipts', envelope: this.sealed(receipt, 'receipt'), bundles };
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
