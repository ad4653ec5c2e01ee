// REST shapes of the public pages: the project's page, the leaderboard and the network. Names are chosen labels or pseudonyms, never keys or addresses.
import { z } from 'zod';
import { batchSchema } from './batches.js';
import { unitCountsSchema } from './common.js';
import { handSchema, tagSchema, throughputSchema } from './hands.js';
import { projectSchema } from './projects.js';

/** GET /api/v1/stats */
export const statsSchema = z.object({
  nowMs: z.int(),
  startedAtMs: z.int(),
  hosts: z.object({ online: z.int(), total: z.int() }),
  accounts: z.int(),
  units: unitCountsSchema,
  creditMilli: z.int(),
  /** Block bytes as the hosts report them, and as the coordinator's gateway counted what it sent. */
  transfer: z.object({ fromPeersBytes: z.int(), fromOriginBytes: z.int(), coordinatorEgressBytes: z.int() }),
});
export type Stats = z.infer<typeof statsSchema>;

/** GET /api/v1/projects/:projectId/overview */
export const projectOverviewSchema = z.object({
  nowMs: z.int(),
  project: projectSchema,
  /** Newest first, at most 20. */
  batches: z.array(batchSchema),
  /** The last interval is unfinished. */
  throughput: throughputSchema,
  /** Accounts at work or with answers in this project, most accepted units first, at most 50. */
  hands: z.array(handSchema),
  /** Networks, as ADDRESS/BITS, whose computers count as independent of each other. Absent from coordinators of older versions. */
  sharedNetworks: z.array(z.string().max(64)).max(80).optional(),
});
export type ProjectOverview = z.infer<typeof projectOverviewSchema>;

/** GET /api/v1/leaderboard?kind=&period=&limit=, and the same as CSV at /api/v1/leaderboard.csv. `recent`: the last seven days. */
export const leaderboardQuerySchema = z.object({
  kind: z.enum(['accounts', 'hosts']).default('accounts'),
  period: z.enum(['total', 'recent']).default('total'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export const leaderboardSchema = z.object({
  nowMs: z.int(),
  kind: z.enum(['accounts', 'hosts']),
  period: z.enum(['total', 'recent']),
  rows: z.array(
    z.object({
      rank: z.int(),
      name: z.string(),
      tag: tagSchema,
      isAnonymous: z.boolean(),
      creditMilli: z.int(),
      acceptedReplicas: z.int(),
      hosts: z.int(),
      isOnline: z.boolean(),
    }),
  ),
});
export type Leaderboard = z.infer<typeof leaderboardSchema>;

/** GET /api/v1/peers: the coordinator and the hosts that are connected, at most 1,000; and the same as CSV at /api/v1/peers.csv. */
export const peersSchema = z.object({
  nowMs: z.int(),
  peers: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['coordinator', 'worker']),
      isOnline: z.boolean(),
      /** `overlay`: exchanges blocks with peers; `http`: fetches from the coordinator only. */
      path: z.enum(['overlay', 'http']),
      connectedPeers: z.int(),
      fromPeersBytes: z.int(),
      fromOriginBytes: z.int(),
      toPeersBytes: z.int(),
      state: z.enum(['working', 'idle', 'paused', 'offline']),
      lastSeenMs: z.int(),
    }),
  ),
});
export type Peers = z.infer<typeof peersSchema>;
