// Finding peers through the coordinator: a host announces its overlay node and what it takes part in, and asks who else does.
import { z } from 'zod';
import { cidSchema } from '../ids/cid.js';
import { bytesSchema, defineMessage, requestIdSchema } from './definition.js';

const addressSchema = z.string().max(256);

/** An overlay node: libp2p peer id and multiaddresses. */
export const overlayNodeSchema = z.object({ peerId: z.string().max(80), addresses: z.array(addressSchema).max(16) });
export type OverlayNode = z.infer<typeof overlayNodeSchema>;

/** Signed by the host as `overlay-record`: the host key certifies the separate, rotatable overlay key. */
export const overlayRecordSchema = z.strictObject({
  version: z.literal(1),
  /** Higher replaces lower. */
  sequence: z.int().min(0),
  peerId: z.string().max(80),
  addresses: z.array(addressSchema).max(16),
});

/** Replaces what the host announced before. A swarm is named by the manifest whose blocks it exchanges. Answered by `ack`. */
export const overlayAnnounce = defineMessage(
  'overlay.announce',
  { id: requestIdSchema, envelope: bytesSchema(8192), swarms: z.array(cidSchema).max(64) },
  { direction: 'to-coordinator', maximumBytes: 16384, perMinute: 60 },
);

/** Asks who takes part in a swarm. Answered by `overlay.peers`, or by MH-LSE-001 when the host holds no lease of that manifest. */
export const overlayFind = defineMessage(
  'overlay.find',
  { id: requestIdSchema, swarm: cidSchema },
  { direction: 'to-coordinator', maximumBytes: 512, perMinute: 120 },
);

/** Each with the addresses at which this host may try it: the peer's own, or where the coordinator found it. */
export const overlayPeers = defineMessage(
  'overlay.peers',
  { id: requestIdSchema, swarm: cidSchema, peers: z.array(overlayNodeSchema).max(50) },
  { direction: 'to-worker', maximumBytes: 256 * 1024, perMinute: 120 },
);

/** Bytes of blocks moved since the last report, as the host counted them. Answered by `ack`. */
export const transferReport = defineMessage(
  'transfer.report',
  {
    id: requestIdSchema,
    fromPeersBytes: z.int().min(0),
    fromOriginBytes: z.int().min(0),
    toPeersBytes: z.int().min(0),
    connectedPeers: z.int().min(0),
  },
  { direction: 'to-coordinator', maximumBytes: 512, perMinute: 60 },
);
