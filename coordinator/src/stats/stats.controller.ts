// REST calls of the public pages, and the same as CSV at stable addresses.
import {
  type Leaderboard,
  leaderboardQuerySchema,
  leaderboardSchema,
  type Peers,
  type ProjectOverview,
  peersSchema,
  projectOverviewSchema,
  type Stats,
  statsSchema,
} from '@manyhands/contract';
import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { Answers, AnswersContent, Subject } from '../http/described.js';
import { Costly } from '../http/read-budget.js';
import { toCsv } from './csv.js';
import { StatsService } from './stats.service.js';

const CSV = 'text/csv; charset=utf-8';
const LEADERBOARD_HEAD = ['rank', 'name', 'anonymous', 'credit_cobblestones', 'accepted_replicas', 'hosts', 'online'];
const PEERS_HEAD = [
  ...['name', 'kind', 'online', 'path', 'connected_peers', 'from_peers_bytes', 'from_origin_bytes', 'to_peers_bytes'],
  ...['state', 'last_seen'],
];

@Subject('statistics')
@Controller('api/v1')
export class StatsController {
  constructor(private readonly service: StatsService) {}

  @Get('stats')
  @Costly()
  @Answers(statsSchema)
  stats(): Stats {
    return this.service.stats(null);
  }

  @Get('projects/:projectId/overview')
  @Costly()
  @Answers(projectOverviewSchema)
  overview(@Param('projectId') projectId: string): ProjectOverview {
    return this.service.overview(projectId);
  }

  @Get('leaderboard')
  @Costly()
  @Answers(leaderboardSchema)
  leaderboard(@Query({ schema: leaderboardQuerySchema }) query: z.infer<typeof leaderboardQuerySchema>): Leaderboard {
    return this.service.leaderboard(query);
  }

  @Get('leaderboard.csv')
  @Costly()
  @Header('content-type', CSV)
  @AnswersContent('text/csv')
  leaderboardCsv(@Query({ schema: leaderboardQuerySchema }) query: z.infer<typeof leaderboardQuerySchema>): string {
    const { rows } = this.service.leaderboard(query);
    return toCsv(
      LEADERBOARD_HEAD,
      rows.map(({ rank, name, isAnonymous, creditMilli, acceptedReplicas, hosts, isOnline }) => [
        ...[rank, name, isAnonymous, creditMilli / 1000],
        ...[acceptedReplicas, hosts, isOnline],
      ]),
    );
  }

  @Get('peers')
  @Costly()
  @Answers(peersSchema)
  peers(): Peers {
    return this.service.peers(null);
  }

  @Get('peers.csv')
  @Costly()
  @Header('content-type', CSV)
  @AnswersContent('text/csv')
  peersCsv(): string {
    const { peers } = this.service.peers(null);
    return toCsv(
      PEERS_HEAD,
      peers.map((peer) => [
        ...[peer.name, peer.kind, peer.isOnline, peer.path, peer.connectedPeers, peer.fromPeersBytes],
        ...[peer.fromOriginBytes, peer.toPeersBytes, peer.state, new Date(peer.lastSeenMs).toISOString()],
      ]),
    );
  }
}
