// REST shapes of uploads in parts: results and checkpoints go up piece by piece, each durable before it is acknowledged, and go on where they stopped.
//
//   GET   /api/v1/leases/:leaseId/units/:index/:kind/parts?sha256=&sizeBytes=           how much of it is durable
//   PATCH /api/v1/leases/:leaseId/units/:index/:kind/parts?sha256=&sizeBytes=&offset=   the bytes from there on
//
// Both are signed by the host, so the offset is in the query, which the signature covers. A part that repeats what is durable is answered with the
// offset; one that begins beyond it is refused with the offset (MH-UPL-001). The part that completes it is answered once the whole has been checked.
import { z } from 'zod';
import { CHECKPOINT_MAXIMUM_BYTES } from '../limits.js';

/** What a coordinator that takes parts calls it among its features. */
export const UPLOADS_IN_PARTS = 'uploads-in-parts';
/** What a coordinator that finds the root of a manifest among its blocks calls it. */
export const MANIFEST_BY_CID = 'manifest-by-cid';

export const uploadKindSchema = z.enum(['result', 'checkpoint']);
export type UploadKind = z.infer<typeof uploadKindSchema>;

/** The whole by its hash (hex) and length. */
export const uploadQuerySchema = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.coerce.number().pipe(z.int().min(1).max(CHECKPOINT_MAXIMUM_BYTES)),
});
/** `offset`: where the part begins; its body has at most PART_MAXIMUM_BYTES, none when only the end is missing. */
export const partQuerySchema = uploadQuerySchema.extend({
  offset: z.coerce.number().pipe(z.int().min(0).max(CHECKPOINT_MAXIMUM_BYTES)),
});

/** `offset`: so many bytes are durable. `isComplete`: the whole was checked and taken. */
export const uploadStateSchema = z.object({ offset: z.int().min(0), isComplete: z.boolean() });
export type UploadState = z.infer<typeof uploadStateSchema>;

/** The target of a call about an upload, as it is signed. */
export function uploadPathOf(
  unit: { leaseId: string; index: number },
  { kind, sha256, sizeBytes, offset }: { kind: UploadKind; sha256: string; sizeBytes: number; offset?: number },
): string {
  const at = offset === undefined ? '' : `&offset=${offset}`;
  return `/api/v1/leases/${unit.leaseId}/units/${unit.index}/${kind}/parts?sha256=${sha256}&sizeBytes=${sizeBytes}${at}`;
}
