// The handshake: hello, signed challenge, host proof, welcome. Both sides prove their keys over the other's fresh nonce.
//
//   worker                         coordinator
//     hello (versions, nonce)  ->
//                              <-  challenge (signed: worker's nonce, own nonce, version)
//     prove (signed: nonce)    ->
//                              <-  welcome | refuse
import { z } from 'zod';
import { accountIdSchema, coordinatorIdSchema, hostIdSchema } from '../ids/ids.js';
import { bytesSchema, defineMessage, exactBytesSchema } from './definition.js';
import { overlayNodeSchema } from './overlay.js';

const protocolSchema = z.int().min(1).max(65535);
const featuresSchema = z.array(z.string().max(40)).max(32);

export const hello = defineMessage(
  'hello',
  {
    protocolMinimum: protocolSchema,
    protocolMaximum: protocolSchema,
    features: featuresSchema,
    clientVersion: z.string().max(40),
    /** Chosen by chance for each process of a worker; older workers have none. Two at once with one key: a copied data folder. */
    instance: exactBytesSchema(16).optional(),
    hostKey: exactBytesSchema(32),
    nonce: exactBytesSchema(16),
  },
  { direction: 'to-coordinator', maximumBytes: 4096, perMinute: 10 },
);

/** Signed by the coordinator as `challenge`. */
export const challengePayloadSchema = z.strictObject({
  version: z.literal(1),
  workerNonce: exactBytesSchema(16),
  coordinatorNonce: exactBytesSchema(16),
  protocol: protocolSchema,
});

export const challenge = defineMessage(
  'challenge',
  { coordinatorId: coordinatorIdSchema, envelope: bytesSchema(1024) },
  { direction: 'to-worker', maximumBytes: 4096, perMinute: 10 },
);

/** Signed by the host as `host-proof`. */
export const hostProofSchema = z.strictObject({
  version: z.literal(1),
  coordinatorNonce: exactBytesSchema(16),
  cores: z.int().min(1).max(4096),
  memoryBytes: z.int().min(0),
  platform: z.string().max(40),
  arch: z.string().max(40),
  engine: z.string().max(80),
});
export type HostProof = z.infer<typeof hostProofSchema>;

/** To which account the host belongs from now on; `keep`: as before, at first an account of its own. */
export const accountBindingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keep') }),
  z.object({ kind: z.literal('key'), genesis: bytesSchema(4096), delegation: bytesSchema(1024) }),
  z.object({ kind: z.literal('code'), code: z.string().max(40) }),
]);
export type AccountBinding = z.infer<typeof accountBindingSchema>;

export const prove = defineMessage(
  'prove',
  { envelope: bytesSchema(2048), binding: accountBindingSchema },
  { direction: 'to-coordinator', maximumBytes: 8192, perMinute: 10 },
);

export const welcome = defineMessage(
  'welcome',
  {
    hostId: hostIdSchema,
    accountId: accountIdSchema,
    /** The name under which public pages show this host. */
    pseudonym: z.string().max(80),
    accountLabel: z.string().max(128).nullable(),
    protocol: protocolSchema,
    features: featuresSchema,
    gatewayUrl: z.string().max(300),
    /** The coordinator's own overlay node; null when it runs none. */
    overlay: overlayNodeSchema.nullable(),
    /** The coordinator's clock as it sends this: signed calls go by it. Absent from older ones. */
    timeMs: z.int().min(0).optional(),
  },
  { direction: 'to-worker', maximumBytes: 8192, perMinute: 10 },
);

/** The coordinator closes the connection after it. */
export const refuse = defineMessage(
  'refuse',
  { code: z.string().max(20), message: z.string().max(500), retryAfterMs: z.int().min(0).nullable() },
  { direction: 'to-worker', maximumBytes: 2048, perMinute: 10 },
);
