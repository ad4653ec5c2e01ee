// Content identifiers: CIDv1 with SHA-256, so that IPFS tools name the same block the same way.

import { CID } from 'multiformats/cid';
import { z } from 'zod';
import { createSha256, sha256 } from '#crypto';
import { concatBytes, equalBytes, toBase32 } from '../encoding/bytes.js';
import { ManyhandsError } from '../errors/manyhands-error.js';

const RAW_CODEC = 0x55;
const DAG_CBOR_CODEC = 0x71;
const SHA_256 = 0x12;

/** Base32 text of a CIDv1, SHA-256: `bafkrei…` for raw bytes, `bafyrei…` for DAG-CBOR. */
export const cidSchema = z
  .string()
  .regex(/^baf(krei|yrei)[a-z2-7]{52}$/)
  .brand<'Cid'>();
export type Cid = z.infer<typeof cidSchema>;
export type CidCodec = 'raw' | 'dag-cbor';

/** Version, codec, hash function and length, then the digest, in base32 with its multibase prefix. */
const ofDigest = (codec: number, digest: Uint8Array): Cid =>
  `b${toBase32(concatBytes(Uint8Array.of(1, codec, SHA_256, digest.length), digest))}` as Cid;

/** The identifier of raw bytes. */
export function rawCidOf(bytes: Uint8Array): Cid {
  return ofDigest(RAW_CODEC, sha256(bytes));
}

/** The raw identifier of content whose SHA-256 is known. */
export function rawCidOfDigest(digest: Uint8Array): Cid {
  return ofDigest(RAW_CODEC, digest);
}

/** The identifier of a DAG-CBOR block. */
export function dagCborCidOf(bytes: Uint8Array): Cid {
  return ofDigest(DAG_CBOR_CODEC, sha256(bytes));
}

/** Reads an identifier. Throws MH-BLK-004. */
export function parseCid(text: unknown): { cid: Cid; codec: CidCodec; digest: Uint8Array } {
  const cid = cidSchema.safeParse(text);
  if (!cid.success) throw new ManyhandsError('MH-BLK-004', { meta: { cid: String(text).slice(0, 100) } });
  const { code, multihash } = CID.parse(cid.data);
  return { cid: cid.data, codec: code === RAW_CODEC ? 'raw' : 'dag-cbor', digest: multihash.digest };
}

/** Whether the bytes are what the identifier names. */
export function matchesCid(cid: Cid, bytes: Uint8Array): boolean {
  return equalBytes(parseCid(cid).digest, sha256(bytes));
}

/** An incremental raw identifier, for content that is never held whole. */
export function createRawCid(): { update(bytes: Uint8Array): void; cid(): Cid } {
  const state = createSha256();
  return { update: (bytes) => state.update(bytes), cid: () => rawCidOfDigest(state.digest()) };
}
