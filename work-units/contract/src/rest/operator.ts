// REST shapes of the operator's calls, all under /api/v1/operator with the operator's token as Bearer authorization.
import { z } from 'zod';

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
/** GET /hosts */
export const operatorHostsSchema = z.object({ hosts: z.array(operatorHostSchema) });
/** POST /hosts/:hostId/ban and /unban, /projects/:projectId/approve, /reject, /pause and /resume, /app-versions/:appVersionId/stop, /backup */
export const reasonSchema = z.object({ reason: z.string().max(300).default('') });
