// Watches the space on the disk: with less than the reserve left, new work and uploads stop before accepted data is at risk.
import { statfs } from 'node:fs/promises';
import { ManyhandsError } from '@manyhands/contract';
import { Reservations } from '@manyhands/foundation';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../config/logger.js';
import { Settings } from '../config/settings.js';

const READING_INTERVAL_MS = 2000;

@Injectable()
export class DiskGuard implements OnModuleInit, OnModuleDestroy {
  #freeBytes = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  /** Bytes that came since the last reading. */
  readonly #arriving = new Reservations(() => this.#freeBytes - this.settings.options.diskReserveBytes);

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
    return !this.#arriving.hasRoom(0);
  }

  /** Throws MH-GEN-010 when so many bytes might not find room; holds none. */
  requireRoom(sizeBytes: number): void {
    if (!this.#arriving.hasRoom(sizeBytes)) throw this.tooShort();
  }

  /**
   * Takes in bytes: `hold` counts those that have arrived, before they are written, and throws MH-GEN-010 when they might not find room. When `take`
   * fails, what it held is free again; what it has written is seen by the next reading.
   */
  async receiving<T>(take: (hold: (sizeBytes: number) => void) => Promise<T>): Promise<T> {
    const room = this.#arriving.begin();
    const hold = (sizeBytes: number): void => {
      if (!room.grow(sizeBytes)) throw this.tooShort();
    };
    try {
      const taken = await take(hold);
      room.keep();
      return taken;
    } finally {
      room.end();
    }
  }

  private tooShort(): ManyhandsError {
    return new ManyhandsError('MH-GEN-010', {
      meta: { diskReserveBytes: this.settings.options.diskReserveBytes },
    });
  }

  private async read(): Promise<void> {
    try {
      const { bavail, bsize } = await statfs(this.settings.folder.directory);
      this.#freeBytes = bavail * bsize;
      this.#arriving.settle();
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
