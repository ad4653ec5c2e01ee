// REST shapes of accounts: one-time codes and deletion. Both calls are signed by the account key.
import { z } from 'zod';
import { accountIdSchema } from '../ids/ids.js';
import { base64UrlSchema } from './common.js';

/** POST /api/v1/accounts: founds the account if it is new. Idempotent. */
export const createAccountSchema = z.object({ genesis: base64UrlSchema });
export const accountSchema = z.object({
  accountId: accountIdSchema,
  label: z.string(),
  creditMilli: z.int(),
  hostCount: z.int(),
});

/** POST /api/v1/accounts/:accountId/codes: another machine joins the account with it once. */
export const accountCodeSchema = z.object({ code: z.string(), expiresAtMs: z.int() });
// DELETE /api/v1/accounts/:accountId: removes the label and unbinds the hosts; the ledger keeps amounts under the bare identifier.
