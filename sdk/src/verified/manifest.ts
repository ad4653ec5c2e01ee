// Reads a batch's manifest back and checks that it is the one of that batch, signed by the owner of its project.
import { decodeManifestPage, type ManifestRoot, ManyhandsError, manifestRootSchema, open } from '@manyhands/contract';
import type { BlockReader } from './blocks.js';
import type { KnownBatch } from './owner.js';

/** The verified root. Throws MH-SIG-… when it is not signed by the owner, MH-BAT-003 when it is another batch's. */
export async function readManifest(
  batch: KnownBatch,
  { blocks, ownerKey }: { blocks: BlockReader; ownerKey: Uint8Array },
): Promise<ManifestRoot> {
  const { manifestCid, projectId, name } = batch.initialStatus;
  const context = { type: 'manifest', coordinatorId: batch.coordinator.info.coordinatorId } as const;
  const expected = { schema: manifestRootSchema, publicKey: ownerKey };
  const opened = open(await blocks.block(manifestCid), context, expected);
  if (!opened.ok) throw new ManyhandsError(opened.code, { message: `The manifest is not valid: ${opened.reason}` });
  const { value: root } = opened;
  if (root.projectId === projectId && root.batchName === name) return root;
  throw new ManyhandsError('MH-BAT-003', { message: 'The coordinator gave the manifest of another batch.' });
}

/** The names of all units of a verified root, by index. */
export async function readUnitNames(root: ManifestRoot, blocks: BlockReader): Promise<string[]> {
  const names: string[] = [];
  for (const [pageIndex, cid] of root.pages.entries())
    for (const { name } of decodeManifestPage(root, pageIndex, await blocks.block(cid)).units) names.push(name);
  return names;
}
