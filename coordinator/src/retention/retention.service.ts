// Removes what nobody needs any more: blocks and results of batches that ended long ago, blocks that nothing names, projects that nobody approved.
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { BatchesRepository, type BatchRow } from '../batches/batches.repository.js';
import { BlocksRepository } from '../blocks/blocks.repository.js';
import { BlocksService } from '../blocks/blocks.service.js';
import { LOGGER } from '../config/logger.js';
import { Settings } from '../config/settings.js';
import { UnitsService } from '../core/units/units.service.js';
import { ProjectsService } from '../projects/projects.service.js';

@Injectable()
export class RetentionService implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #sweep: Promise<void> | undefined;
  #isStopped = false;

  constructor(
    private readonly settings: Settings,
    private readonly batches: BatchesRepository,
    private readonly blocks: BlocksRepository,
    private readonly blocksService: BlocksService,
    private readonly units: UnitsService,
    private readonly projects: ProjectsService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const holder of this.blocks.abandonedHolders()) await this.blocksService.release(holder);
    this.#timer = setInterval(() => {
      this.#sweep ??= this.sweep()
        .catch((err: unknown) => this.logger.error({ err }, 'retention failed'))
        .finally(() => {
          this.#sweep = undefined;
        });
    }, this.settings.options.retentionIntervalMs);
  }

  async onModuleDestroy(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#sweep;
  }

  private async sweep(): Promise<void> {
    const { retentionMs, unusedBlockRetentionMs } = this.settings.options;
    await this.projects.removeExpired();
    if (retentionMs !== null) await this.removeBatches(Date.now() - retentionMs);
    const touchedBeforeMs = Date.now() - unusedBlockRetentionMs;
    while (!this.#isStopped && (await this.blocksService.removeUnused(touchedBeforeMs)) > 0);
  }

  private async removeBatches(endedBeforeMs: number): Promise<void> {
    const rows = this.batches.listEndedBefore(endedBeforeMs);
    for (const row of rows) {
      if (this.#isStopped) return;
      await this.removeBatch(row);
    }
  }

  private async removeBatch(row: BatchRow): Promise<void> {
    // In an order that can be taken up again after a crash: the holder goes last, and one without a batch is released at the next start.
    await this.batches.setRemoved(row.rowId, row.removedAtMs ?? Date.now());
    await this.units.deleteBatch(row.rowId);
    await this.batches.dropHolder(row.rowId);
    if (row.holderRowId !== null) await this.blocksService.release(row.holderRowId);
    this.logger.info({ batchId: row.batchId }, 'blocks and results of an old batch removed');
  }
}
