// What uploads in parts look like on the wire: the messages that say and use them, and the target of a part, as it is signed.
import {
  coordinatorInfoSchema,
  createRequestToken,
  decodeToCoordinator,
  decodeToWorker,
  encodeMessage,
  type MessageOf,
  partQuerySchema,
  submitBatchSchema,
  toBase64Url,
  UPLOADS_IN_PARTS,
  uploadPathOf,
} from '@manyhands/contract';

export type UploadVector = {
  version: 1;
  welcome: string;
  custody: string;
  custodyOfBefore: string;
  partPath: string;
  authorization: string;
};

const hash = 'a'.repeat(52);
const leaseId = `lease_${'a'.repeat(26)}` as MessageOf<'custody'>['kept'][number]['leaseId'];

export function computeUploadVector(keys: Parameters<typeof createRequestToken>[2]): UploadVector {
  const welcome = {
    ...{
      t: 'welcome',
      hostId: `host_${hash}`,
      accountId: `acct_${hash}`,
      pseudonym: 'calm-otter-1',
      accountLabel: null,
    },
    ...{ protocol: 1, features: [UPLOADS_IN_PARTS], gatewayUrl: 'http://127.0.0.1:1', overlay: null },
  } as unknown as MessageOf<'welcome'>;
  const kept = [0, 1].map((index) => ({ leaseId, index }));
  const partPath = uploadPathOf(
    { leaseId, index: 7 },
    { kind: 'result', sha256: '0f'.repeat(32), sizeBytes: 3_000_000, offset: 524_288 },
  );
  const call = { method: 'PATCH', path: partPath, body: new Uint8Array([1, 2, 3]) };
  const coordinatorId = `coord_${hash}` as Parameters<typeof createRequestToken>[1]['coordinatorId'];
  const context = { coordinatorId, nowMs: 1_700_000_000_000, nonce: new Uint8Array(16) };
  return {
    version: 1,
    welcome: toBase64Url(encodeMessage(welcome)),
    custody: toBase64Url(encodeMessage({ t: 'custody', id: 4, kept, lost: kept.slice(1) })),
    custodyOfBefore: toBase64Url(encodeMessage({ t: 'custody', id: 4, kept })),
    partPath,
    authorization: createRequestToken(call, context, keys),
  };
}

/** What is read from the vector, and from what versions before this one say. */
export function readUploadVector(vector: UploadVector): Record<string, unknown> {
  const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64url'));
  const query = Object.fromEntries(new URL(vector.partPath, 'http://x').searchParams);
  return {
    welcome: decodeToWorker(bytesOf(vector.welcome)),
    custody: decodeToCoordinator(bytesOf(vector.custody)),
    custodyOfBefore: decodeToCoordinator(bytesOf(vector.custodyOfBefore)),
    part: partQuerySchema.parse(query),
    featuresOfBefore: coordinatorInfoSchema.shape.features.parse(undefined),
    submitted: [
      submitBatchSchema.parse({ manifest: 'AAAA', policy: 'AAAA' }).manifest,
      submitBatchSchema.parse({ manifest: { cid: `bafyrei${hash}` }, policy: 'AAAA' }).manifest,
    ],
  };
}
