// REST shapes of projects and app versions.
import { z } from 'zod';
import { appVersionIdSchema, projectIdSchema } from '../ids/ids.js';
import { base64UrlSchema, errorBodySchema } from './common.js';

/** POST /api/v1/projects. `genesis`: envelope of a project genesis. Idempotent by genesis. */
export const createProjectSchema = z.object({ genesis: base64UrlSchema, invitation: z.string().max(100).nullable() });

export const projectStateSchema = z.enum(['pending', 'active', 'paused']);
/** GET /api/v1/projects/:projectId, and pages of it at /api/v1/projects?name=&after=&limit= (see paging.ts): oldest first, without those that are pending; `name`: the one of that name, whatever its state. */
export const projectSchema = z.object({
  projectId: projectIdSchema,
  name: z.string(),
  title: z.string(),
  question: z.string(),
  description: z.string(),
  /** Under which terms its inputs came and its results go; empty: not stated. */
  inputLicence: z.string().default(''),
  resultLicence: z.string().default(''),
  /** Where to ask, and who is responsible; empty: not stated. */
  contact: z.string().default(''),
  runBy: z.string().default(''),
  /** Of the signed texts that these come from; 0: from the genesis. */
  textsSequence: z.int().default(0),
  state: projectStateSchema,
  createdAtMs: z.int(),
  /** The signed genesis: its payload hashes to the project id and names the owner key, which signs app versions and manifests. */
  genesis: base64UrlSchema,
  /** The signed texts that replaced those of the genesis; null: none did. */
  texts: base64UrlSchema.nullable().default(null),
});
export type Project = z.infer<typeof projectSchema>;

/** PUT /api/v1/projects/:projectId/texts: the envelope of project texts with a higher sequence. Idempotent. */
export const putTextsSchema = z.object({ texts: base64UrlSchema });

/** POST /api/v1/projects/:projectId/app-versions. `record`: envelope of an app version; its blocks were put before. Idempotent. */
export const publishAppVersionSchema = z.object({ record: base64UrlSchema });

/** GET /api/v1/app-versions/:appVersionId, and pages of it (see paging.ts) at /api/v1/projects/:projectId/app-versions. `pending` until the coordinator has re-run the pinned pipeline. */
export const appVersionStatusSchema = z.object({
  appVersionId: appVersionIdSchema,
  projectId: projectIdSchema,
  name: z.string(),
  /** The signed record, for anyone to verify. */
  record: base64UrlSchema,
  state: z.enum(['pending', 'ready', 'refused', 'stopped']),
  refusal: errorBodySchema.nullable(),
});
export type AppVersionStatus = z.infer<typeof appVersionStatusSchema>;

/** POST /api/v1/blocks/missing: which of these blocks the coordinator lacks. */
export const missingBlocksRequestSchema = z.object({ cids: z.array(z.string().max(80)).max(5000) });
export const missingBlocksSchema = z.object({ missing: z.array(z.string()) });
