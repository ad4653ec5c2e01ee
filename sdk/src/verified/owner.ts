// The owner key of a project, from its founding record: what manifest and program must be signed with.
import {
  type Batch,
  equalBytes,
  fromBase64Url,
  ManyhandsError,
  open,
  projectGenesisSchema,
  projectIdOf,
  projectSchema,
} from '@manyhands/contract';
import type { Connected } from '../rest/connected.js';

/** A batch as the coordinator tells of it. */
export type KnownBatch = { readonly initialStatus: Batch; readonly coordinator: Connected };

/** Reads and verifies the founding record of a batch's project. Throws MH-SIG-001, MH-SIG-002, MH-SIG-004. */
export async function readOwnerKey(batch: KnownBatch, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const { projectId } = batch.initialStatus;
  const { rest, info } = batch.coordinator;
  const { genesis } = await rest.json({ method: 'GET', path: `/api/v1/projects/${projectId}`, signal }, projectSchema);
  const context = { type: 'project-genesis', coordinatorId: info.coordinatorId } as const;
  const opened = open(fromBase64Url(genesis ?? ''), context, { schema: projectGenesisSchema });
  if (!opened.ok)
    throw new ManyhandsError(opened.code, { message: `The project's founding record is not valid: ${opened.reason}` });
  if (projectIdOf(opened.payload) !== projectId || !equalBytes(opened.publicKey, opened.value.ownerKey))
    throw new ManyhandsError('MH-SIG-004', { message: 'The coordinator gave the founding record of another project.' });
  return opened.value.ownerKey;
}
