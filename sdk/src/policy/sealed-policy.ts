// The signed policy of a batch: quorum, priority and expiry.
import {
  type BatchPolicy,
  type Batch as BatchStatus,
  batchPolicySchema,
  ManyhandsError,
  seal,
  shapeTrouble,
  toBase64Url,
} from '@manyhands/contract';
import type { Signer } from '../rest/client.js';

/** What scientists know the parts by. */
const OPTIONS: Readonly<Record<string, string>> = {
  quorum: 'the quorum',
  priority: 'the priority',
  expiresAfterMs: 'the time until it expires',
};

/** The envelope, as REST calls carry it. Throws MH-GEN-009 when a part is out of its bounds. */
export function sealPolicy(policy: Omit<BatchPolicy, 'version'>, { keyPair, coordinatorId }: Signer): string {
  const checked = batchPolicySchema.safeParse({ version: 1, ...policy });
  if (checked.success) return toBase64Url(seal(checked.data, { type: 'policy', coordinatorId }, keyPair));
  throw new ManyhandsError('MH-GEN-009', {
    message: `The batch is not usable: ${shapeTrouble(checked.error, OPTIONS)}.`,
  });
}

/** Time between submission and expiry; null: never; undefined: not known. */
export function expiryOf({ submittedAtMs, expiresAtMs }: BatchStatus): number | null | undefined {
  return typeof expiresAtMs === 'number' ? expiresAtMs - submittedAtMs : expiresAtMs;
}
