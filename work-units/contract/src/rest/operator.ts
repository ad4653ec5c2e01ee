// REST shapes of the operator's calls, all under /api/v1/operator with the operator's token as Bearer authorization.
import { z } from 'zod';
import { pageQuerySchema } from './paging.js';

/** POST /invitations */
export const invitationSchema = z.object({ invitation: z.string(), expiresAtMs: z.int() });
const operatorHostSchema = z.object({
  hostId: z.string(),
  pseudonym: z.string(),
  accountId: z.string(),
  isBanned: z.boolean(),
  isOnline: z.boolean(),
  acceptedReplicas: z.int(),
  disagreedReplicas: z.int(),
  failedReplicas: z.int(),
});
export type OperatorHost = z.infer<typeof operatorHostSchema>;
/** GET /hosts?after=&limit=: most recently seen first. `after`: the `next` of the page before. */
export const operatorHostsQuerySchema = pageQuerySchema.extend({ after: z.string().max(100).optional() });
export const operatorHostsSchema = z.object({
  hosts: z.array(operatorHostSchema),
  /** Null: there are no more; absent from older coordinators, which tell of 10,000. */
  next: z.string().nullable().optional(),
});
/** POST /hosts/:hostId/ban and /unban, /projects/:projectId/approve, /reject, /pause and /resume, /app-versions/:appVersionId/stop, /backup */
export const reasonSchema = z.object({ reason: z.string().max(300).default('') });
