// Metrics in the format of Prometheus. Names end in their unit.
import { ENDING_WORDS } from '@manyhands/contract/words';
import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { AppsRepository } from '../apps/apps.repository.js';
import { BlocksRepository } from '../blocks/blocks.repository.js';
import { DiskGuard } from '../blocks/disk-guard.js';
import { Settings } from '../config/settings.js';
import { CheckpointsService } from '../core/checkpoints/checkpoints.service.js';
import { CreditsService } from '../core/credits/credits.service.js';
import { HostsService } from '../core/hosts/hosts.service.js';
import { RunningUnits } from '../core/hosts/running-units.service.js';
import { UnitsService } from '../core/units/units.service.js';
import { UnfinishedUploads } from '../core/uploads/unfinished-uploads.js';
import { ChainDisputesService } from '../core/validation/chain-disputes.service.js';
import { SeedSupervisor } from '../seed/seed.supervisor.js';

const UNIT_NOTES: Readonly<Record<string, string>> = {
  held: ', until their owner opens them again; part of waiting',
  failed: ', or ended before they were done',
};

const DURATION_BUCKETS_SECONDS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 30];

@Injectable()
export class MetricsService {
  readonly #registry = new Registry();
  readonly #durations: Histogram<'method' | 'route' | 'status'>;

  constructor(
    private readonly settings: Settings,
    private readonly units: UnitsService,
    private readonly credits: CreditsService,
    private readonly hosts: HostsService,
    private readonly blocks: BlocksRepository,
    private readonly disk: DiskGuard,
    private readonly seed: SeedSupervisor,
    private readonly apps: AppsRepository,
    private readonly checkpoints: CheckpointsService,
    private readonly disputes: ChainDisputesService,
    private readonly uploads: UnfinishedUploads,
    private readonly running: RunningUnits,
  ) {
    collectDefaultMetrics({ register: this.#registry });
    this.#durations = new Histogram({
      name: 'manyhands_http_request_duration_seconds',
      help: 'Time to answer REST calls, by method, route and status.',
      labelNames: ['method', 'route', 'status'],
      buckets: DURATION_BUCKETS_SECONDS,
      registers: [this.#registry],
    });
    this.addGauges();
  }

  /** Measures every call by its route's pattern, never by its address; the log says the same at debug. */
  measure(fastify: FastifyInstance, logger: Logger): void {
    fastify.addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? 'none';
      const labels = { method: request.method, route, status: String(reply.statusCode) };
      this.#durations.observe(labels, reply.elapsedTime / 1000);
      logger.debug({ ...labels, elapsedMs: Math.round(reply.elapsedTime) }, 'call');
      done();
    });
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  private addGauges(): void {
    const gauge = (name: string, help: string, read: () => number): void => {
      const metric: Gauge = new Gauge({
        name: `manyhands_${name}`,
        help,
        registers: [this.#registry],
        collect: (): void => metric.set(read()),
      });
    };
    gauge('hosts_online_count', 'Hosts that are connected now.', () => this.hosts.onlineCount());
    gauge('hosts_known_count', 'Hosts that ever connected.', () => this.hosts.totalCount());
    for (const state of ['total', 'waiting', 'held', 'running', 'checking', 'accepted', 'failed'] as const)
      gauge(
        `units_${state}_count`,
        `Units of all batches: ${state}${UNIT_NOTES[state] ?? ''}.`,
        () => this.running.shown(this.units.totals(), null)[state],
      );
    for (const ending of ['cancelled', 'expired', 'stopped'] as const)
      gauge(
        `units_${ending}_count`,
        `Units of all batches that were ended before they were done: ${ENDING_WORDS[ending]}. Part of failed.`,
        () => this.units.totals().ended[ending],
      );
    gauge('credit_millicobblestones', 'Credit granted so far.', () => this.credits.total());
    gauge('blocks_stored_count', 'Public blocks stored.', () => this.blocks.totals().blocks);
    gauge('blocks_stored_bytes', 'Public blocks stored.', () => this.blocks.totals().sizeBytes);
    gauge('blocks_sent_bytes', 'Block bytes sent by gateway and seed.', () => this.seed.egressBytes());
    gauge('app_versions_pending_count', 'App versions that wait for their check.', () => this.apps.pendingCount());
    gauge('checkpoints_stored_count', 'Checkpoints kept for successors.', () => this.checkpoints.totals().count);
    gauge('checkpoints_stored_bytes', 'Checkpoints kept for successors.', () => this.checkpoints.totals().sizeBytes);
    gauge(
      'units_handed_over_count',
      'Parts of units that hosts handed over.',
      () => this.checkpoints.totals().handOvers,
    );
    gauge(
      'uploads_unfinished_bytes',
      'Received bytes of results and checkpoints that came in part so far.',
      () => this.uploads.sumBytes('result') + this.uploads.sumBytes('checkpoint'),
    );
    gauge('chain_disputes_count', 'Units whose hosts agreed on the result, but not on the chain.', () =>
      this.disputes.count(),
    );
    gauge('disk_free_bytes', 'Free space on the disk of the data folder.', () => this.disk.freeBytes);
    gauge('disk_short_state', '1 while new work and uploads are stopped.', () => Number(this.disk.isShort()));
    gauge('start_time_seconds', 'When this process started.', () => this.settings.startedAtMs / 1000);
  }
}
