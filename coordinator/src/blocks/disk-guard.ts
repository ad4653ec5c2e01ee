// Watches the space on the disk: with less than the reserve left, new work and uploads stop before accepted data is at risk.
import { statfs } from 'node:fs/promises';
import { ManyhandsError } from '@manyhands/contract';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../config/logger.js';
import { Settings } from '../config/settings.js';

const READING_INTERVAL_MS = 2000;

@Injectable()
export class DiskGuard implements OnModuleInit, OnModuleDestroy {
  #freeBytes = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  #wasShort = false;

  constructor(
    private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.read();
    this.#timer = setInterval(() => void this.read(), READING_INTERVAL_MS);
    this.#timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  get freeBytes(): number {
    return this.#freeBytes;
  }

  isShort(): boolean {
    return this.#freeBytes < this.settings.options.diskReserveBytes;
  }

  /** Throws MH-GEN-010 when what comes in might not find room. `sizeBytes` is counted against the last reading. */
  requireRoom(sizeBytes: number): void {
    this.#freeBytes -= sizeBytes;
    if (!this.isShort()) return;
    throw new ManyhandsError('MH-GEN-010', { meta: { diskReserveBytes: this.settings.options.diskReserveBytes } });
  }

  private async read(): Promise<void> {
    try {
      const { bavail, bsize } = await statfs(this.settings.folder.directory);
      this.#freeBytes = bavail * bsize;
    } catch (err) {
      this.logger.warn({ err }, 'the free space of the disk could not be read');
    }
    if (this.isShort() === this.#wasShort) return;
    this.#wasShort = this.isShort();
    const what = { freeBytes: this.#freeBytes, diskReserveBytes: this.settings.options.diskReserveBytes };
    if (this.#wasShort) this.logger.warn(what, 'the disk is short: no new work and no uploads');
    else this.logger.info(what, 'the disk has room again');
  }
}
