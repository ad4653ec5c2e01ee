// A host that hands a begun unit over to whoever comes next: the encrypted checkpoint, then the signed statement.
import { createHash } from 'node:crypto';
import { type CoordinatorId, type HandOver, type Lease, type MessageOf, seal } from '@manyhands/contract';
import type { CoreHost, TestCore } from './core.js';
import { CHAIN_ROOT } from './test-host.js';

export const sha256 = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(bytes).digest());

export type HandOverPlan = {
  index?: number;
  fromFuel?: number;
  fuel: number;
  isFinal?: boolean;
  checkpoint?: Uint8Array;
  more?: Partial<Record<keyof HandOver, unknown>>;
};

/** What is encrypted does not matter to the coordinator. */
export const checkpointOf = (fuel: number): Uint8Array => Buffer.from(`checkpoint at ${fuel}`.padEnd(200, '.'));
export const keyOfFuel = (fuel: number): Uint8Array<ArrayBuffer> => sha256(Buffer.from(`key at ${fuel}`));

/** The message after the upload. */
export function signedHandOver(
  { key, hostId }: Pick<CoreHost, 'key' | 'hostId'>,
  { lease, coordinatorId }: { lease: Lease; coordinatorId: CoordinatorId },
  plan: HandOverPlan,
): Pick<MessageOf<'hand.over'>, 'envelope' | 'key' | 'isFinal'> {
  const { fuel, fromFuel = 0, isFinal = true, checkpoint = checkpointOf(fuel) } = plan;
  const { leaseId, manifestCid, appVersionId, build } = lease;
  const index = plan.index ?? lease.ranges[0]?.[0] ?? 0;
  const statement = {
    ...{ version: 1, hostId, leaseId, manifestCid, index, appVersionId, build, fromFuel, fuel },
    ...{ markCount: 1, chainRoot: CHAIN_ROOT, stateHash: sha256(Buffer.from(`state at ${fuel}`)) },
    ...{ checkpointDigest: sha256(checkpoint), checkpointSizeBytes: checkpoint.length },
    ...plan.more,
  };
  const envelope = new Uint8Array(seal(statement, { type: 'hand-over', coordinatorId }, key));
  return { envelope, key: keyOfFuel(fuel), isFinal };
}

/** Sends the checkpoint, signs it over; returns `ok` or the code of the refusal. */
export async function handOver(core: TestCore, host: CoreHost, lease: Lease, plan: HandOverPlan): Promise<string> {
  const index = plan.index ?? lease.ranges[0]?.[0] ?? 0;
  await upload(core, host, { lease, index, bytes: plan.checkpoint ?? checkpointOf(plan.fuel) });
  const { coordinatorId } = core.options;
  const answer = await core.handOvers.record(host, signedHandOver(host, { lease, coordinatorId }, plan));
  return answer.ok ? 'ok' : answer.code;
}

export async function upload(
  core: TestCore,
  { publicKey }: Pick<CoreHost, 'publicKey'>,
  { lease, index, bytes }: { lease: Pick<Lease, 'leaseId'>; index: number; bytes: Uint8Array },
): Promise<void> {
  async function* parts() {
    for (let at = 0; at < bytes.length; at += 64) yield bytes.subarray(at, at + 64);
  }
  const name = { hostPublicKey: publicKey, leaseId: lease.leaseId, index };
  await core.checkpoints.receive(name, { parts: parts(), sizeBytes: bytes.length, sha256: sha256(bytes) });
}
