// What the public pages show: totals, a project at a glance, the leaderboard and the network. Names and pseudonyms only.
import type { Leaderboard, leaderboardQuerySchema, Peers, ProjectOverview, Stats } from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { BatchesService } from '../batches/batches.service.js';
import { Settings } from '../config/settings.js';
import { CreditsService } from '../core/credits/credits.service.js';
import { HostsService } from '../core/hosts/hosts.service.js';
import { RunningUnits } from '../core/hosts/running-units.service.js';
import { UnitsService } from '../core/units/units.service.js';
import { briefly } from '../http/briefly.js';
import { ProjectsService, toProject } from '../projects/projects.service.js';
import { HandsService } from '../questions/hands.service.js';
import { SeedSupervisor } from '../seed/seed.supervisor.js';

const LIFETIME_MS = 500;
const BATCHES_SHOWN = 20;
/** The largest limit that can be asked for. */
const LEADERBOARD_ROWS_MAXIMUM = 1000;
const THROUGHPUT_INTERVAL_MS = 10_000;
const THROUGHPUT_POINTS = 60;

@Injectable()
export class StatsService {
  readonly stats = briefly(LIFETIME_MS, (_key: null) => this.countAll());
  readonly overview = briefly(LIFETIME_MS, (projectId: string) => this.lookAt(projectId));
  private readonly ranking = briefly(LIFETIME_MS, (which: Pick<Leaderboard, 'kind' | 'period'>) => this.rank(which));
  readonly peers = briefly(LIFETIME_MS, (_key: null) => this.listPeers());

  constructor(
    private readonly settings: Settings,
    private readonly projects: ProjectsService,
    private readonly batches: BatchesService,
    private readonly accounts: AccountsRepository,
    private readonly units: UnitsService,
    private readonly credits: CreditsService,
    private readonly hosts: HostsService,
    private readonly seed: SeedSupervisor,
    private readonly hands: HandsService,
    private readonly running: RunningUnits,
  ) {}

  /** All limits are cuts of one ranking: asking for each in turn costs no more than asking for one. */
  leaderboard({ kind, period, limit }: z.infer<typeof leaderboardQuerySchema>): Leaderboard {
    const ranking = this.ranking({ kind, period });
    return { ...ranking, rows: ranking.rows.slice(0, limit) };
  }

  private countAll(): Stats {
    return {
      nowMs: Date.now(),
      startedAtMs: this.settings.startedAtMs,
      hosts: { online: this.hosts.onlineCount(), total: this.hosts.totalCount() },
      accounts: this.accounts.count(),
      units: this.running.shown(this.units.totals(), null),
      creditMilli: this.credits.total(),
      transfer: { ...this.hosts.transferTotals(), coordinatorEgressBytes: this.seed.egressBytes() },
    };
  }

  private lookAt(projectId: string): ProjectOverview {
    const row = this.projects.require(projectId);
    const points = this.units.throughput(row.rowId, THROUGHPUT_INTERVAL_MS, THROUGHPUT_POINTS);
    return {
      nowMs: Date.now(),
      project: toProject(row),
      batches: this.batches.newest(row.rowId, BATCHES_SHOWN),
      throughput: { intervalMs: THROUGHPUT_INTERVAL_MS, points },
      hands: this.hands.list('project', row.rowId),
      sharedNetworks: [...this.settings.sharedNetworks.names],
    };
  }

  private rank({ kind, period }: Pick<Leaderboard, 'kind' | 'period'>): Leaderboard {
    const rows = this.credits.leaderboard(kind, period, LEADERBOARD_ROWS_MAXIMUM);
    return { nowMs: Date.now(), kind, period, rows };
  }

  private listPeers(): Peers {
    const egressBytes = this.seed.egressBytes();
    const coordinator = {
      name: 'coordinator',
      kind: 'coordinator' as const,
      isOnline: true,
      path: 'overlay' as const,
      connectedPeers: this.hosts.onlineCount(),
      fromPeersBytes: 0,
      fromOriginBytes: 0,
      toPeersBytes: egressBytes,
      state: 'working' as const,
      lastSeenMs: Date.now(),
    };
    return { nowMs: Date.now(), peers: [coordinator, ...this.hosts.peers()] };
  }
}
