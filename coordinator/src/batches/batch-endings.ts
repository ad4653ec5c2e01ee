// Ends batches: complete when every unit is settled, expired when their time is over, cancelled when their app version is stopped.
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../config/logger.js';
import { UnitsService } from '../core/units/units.service.js';
import { BatchesRepository } from './batches.repository.js';
import { BatchesService } from './batches.service.js';

const INTERVAL_MS = 500;

@Injectable()
export class BatchEndings implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #stopListening: (() => void) | undefined;
  readonly #running = new Set<Promise<void>>();

  constructor(
    private readonly batches: BatchesRepository,
    private readonly service: BatchesService,
    private readonly units: UnitsService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#stopListening = this.units.onBatchComplete((batchRowId) => this.run(() => this.complete(batchRowId)));
    for (const row of this.batches.listStopped()) this.run(() => this.service.end(row, 'cancelled', 'MH-VAL-006'));
    for (const { rowId } of this.batches.listOpen()) this.run(() => this.complete(rowId));
    this.#timer = setInterval(() => this.run(() => this.expire()), INTERVAL_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopListening?.();
    await Promise.all(this.#running);
  }

  /** Ends the open batches of an app version that was stopped. */
  async endOfAppVersion(appVersionRowId: number): Promise<void> {
    for (const row of this.batches.listOpen())
      if (row.appVersionRowId === appVersionRowId) await this.service.end(row, 'cancelled', 'MH-VAL-006');
  }

  private run(work: () => Promise<void>): void {
    const running = work()
      .catch((err: unknown) => this.logger.error({ err }, 'ending a batch failed'))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  private async complete(batchRowId: number): Promise<void> {
    const row = this.batches.findRow(batchRowId);
    if (row?.state === 'open' && this.units.isComplete(batchRowId)) await this.service.end(row, 'complete', null);
  }

  private async expire(): Promise<void> {
    const nowMs = Date.now();
    for (const row of this.batches.listOpen())
      if (row.expiresAtMs !== null && row.expiresAtMs <= nowMs) await this.service.end(row, 'expired', 'MH-VAL-005');
  }
}
