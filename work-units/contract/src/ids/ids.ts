// Branded identifiers. Those of projects, accounts, hosts and coordinators hash a genesis record, so that keys can rotate under them.

import { z } from 'zod';
import { sha256 } from '#crypto';
import { toBase32, utf8Bytes } from '../encoding/bytes.js';
import { encodeDagCbor } from '../encoding/dag-cbor.js';

/** 52 characters of base32: a SHA-256. */
const HASHED = '[a-z2-7]{52}';
const idSchema = <Brand extends string>(prefix: string, pattern: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_${pattern}$`))
    .brand<Brand>();

export const coordinatorIdSchema = idSchema<'CoordinatorId'>('coord', HASHED);
export const projectIdSchema = idSchema<'ProjectId'>('proj', HASHED);
export const accountIdSchema = idSchema<'AccountId'>('acct', HASHED);
export const hostIdSchema = idSchema<'HostId'>('host', HASHED);
export const appVersionIdSchema = idSchema<'AppVersionId'>('app', HASHED);
export const batchIdSchema = idSchema<'BatchId'>('batch', HASHED);
/** Leases are random: 26 characters of base32 hold 128 bits. */
export const leaseIdSchema = idSchema<'LeaseId'>('lease', '[a-z2-7]{26}');

export type CoordinatorId = z.infer<typeof coordinatorIdSchema>;
export type ProjectId = z.infer<typeof projectIdSchema>;
export type AccountId = z.infer<typeof accountIdSchema>;
export type HostId = z.infer<typeof hostIdSchema>;
export type AppVersionId = z.infer<typeof appVersionIdSchema>;
export type BatchId = z.infer<typeof batchIdSchema>;
export type LeaseId = z.infer<typeof leaseIdSchema>;

const hashed = (prefix: string, bytes: Uint8Array): string => `${prefix}_${toBase32(sha256(bytes))}`;

/** The fingerprint of the coordinator's key, pinned by `join`. */
export function coordinatorIdOf(publicKey: Uint8Array): CoordinatorId {
  return hashed('coord', publicKey) as CoordinatorId;
}

/** A project, from the payload bytes of its signed genesis record. */
export function projectIdOf(genesisPayload: Uint8Array): ProjectId {
  return hashed('proj', genesisPayload) as ProjectId;
}

/** An account, from the payload bytes of its signed genesis record. */
export function accountIdOf(genesisPayload: Uint8Array): AccountId {
  return hashed('acct', genesisPayload) as AccountId;
}

/** The account that an anonymous host is by itself. */
export function anonymousAccountIdOf(hostId: HostId): AccountId {
  return hashed('acct', utf8Bytes(hostId)) as AccountId;
}

/** A host, from its first public key. */
export function hostIdOf(publicKey: Uint8Array): HostId {
  return hashed('host', publicKey) as HostId;
}

/** An app version, from the payload bytes of its signed record. */
export function appVersionIdOf(recordPayload: Uint8Array): AppVersionId {
  return hashed('app', recordPayload) as AppVersionId;
}

/** A batch: its name within its project, so that submitting again finds the same batch. */
export function batchIdOf(projectId: ProjectId, name: string): BatchId {
  return hashed('batch', encodeDagCbor([projectId, name])) as BatchId;
}

/** A lease, from 16 bytes that name no other: enough of them random that nobody guesses them. */
export function leaseIdOf(bytes: Uint8Array): LeaseId {
  return `lease_${toBase32(bytes)}` as LeaseId;
}
