// The other signed records: geneses of projects and accounts, the delegation of a host to an account, the policy of a batch.
import { z } from 'zod';
import { accountIdSchema, batchIdSchema, hostIdSchema, projectIdSchema } from '../ids/ids.js';
import { QUORUM_MAXIMUM } from '../limits.js';
import { factSchema, labelSchema, proseSchema, slugSchema } from './names.js';

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

/** The mutable part of a project: what is said about it. Signed by the owner key; a higher sequence replaces a lower one and the words of the genesis. */
export const projectTextsSchema = z.strictObject({
  version: z.literal(1),
  projectId: projectIdSchema,
  /** 0 are the words of the genesis. */
  sequence: z.int().min(1),
  title: labelSchema,
  question: z.string().max(300),
  description: proseSchema,
  /** Under which terms the inputs came, and under which the results go out. Empty, like the two below: not stated. */
  inputLicence: factSchema,
  resultLicence: factSchema,
  /** Where people can ask: an address of mail or of a page. */
  contact: factSchema,
  /** The person or institution that is responsible. */
  runBy: factSchema,
});
export type ProjectTexts = z.infer<typeof projectTextsSchema>;

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
