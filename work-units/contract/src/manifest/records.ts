// The other signed records: geneses of projects and accounts, the delegation of a host to an account, the policy of a batch.
import { z } from 'zod';
import { accountIdSchema, batchIdSchema, hostIdSchema } from '../ids/ids.js';
import { QUORUM_MAXIMUM } from '../limits.js';
import { labelSchema, proseSchema, slugSchema } from './names.js';

const keySchema = z.instanceof(Uint8Array).refine((key) => key.length === 32);
const nonceSchema = z.instanceof(Uint8Array).refine((nonce) => nonce.length === 16);

/** Founds a project; signed by the owner key that it names. */
export const projectGenesisSchema = z.strictObject({
  version: z.literal(1),
  name: slugSchema,
  title: labelSchema,
  /** What is asked, in one sentence. */
  question: z.string().max(300),
  description: proseSchema,
  ownerKey: keySchema,
  nonce: nonceSchema,
});
export type ProjectGenesis = z.infer<typeof projectGenesisSchema>;

/** Founds an account; signed by the key that it names. The label is only shown. */
export const accountGenesisSchema = z.strictObject({
  version: z.literal(1),
  label: labelSchema,
  accountKey: keySchema,
  nonce: nonceSchema,
});
export type AccountGenesis = z.infer<typeof accountGenesisSchema>;

/** Joins a host to an account; signed by the account key. */
export const accountDelegationSchema = z.strictObject({
  version: z.literal(1),
  accountId: accountIdSchema,
  hostId: hostIdSchema,
});
export type AccountDelegation = z.infer<typeof accountDelegationSchema>;

/** The mutable part of a batch; signed by the project, a higher sequence replaces a lower one. */
export const batchPolicySchema = z.strictObject({
  version: z.literal(1),
  batchId: batchIdSchema,
  sequence: z.int().min(0),
  /** Replicas of different accounts that must agree; 1 is shown as unverified. */
  quorum: z.int().min(1).max(QUORUM_MAXIMUM),
  /** Higher goes first among the batches of one project. */
  priority: z.int().min(-100).max(100),
  /** Time after submission at which open units end; null: never. */
  expiresAfterMs: z.int().min(1000).nullable(),
});
export type BatchPolicy = z.infer<typeof batchPolicySchema>;
