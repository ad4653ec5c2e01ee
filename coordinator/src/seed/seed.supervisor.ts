// The coordinator's own overlay node and block gateway, in a child process: serving blocks must not slow the WebSockets down.
import { ManyhandsError, type OverlayNode } from '@manyhands/contract';
import { superviseSeed } from '@manyhands/overlay-node';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { keySeedIn } from '../config/data-folder.js';
import { LOGGER } from '../config/logger.js';
import { PublicAddress } from '../config/public-address.js';
import { Settings } from '../config/settings.js';
import type { SeedPort } from '../core/ports/seed.js';
import { CountersRepository } from '../counters/counters.repository.js';

const EGRESS = 'egress_bytes';
const SAVE_INTERVAL_MS = 5000;

@Injectable()
export class SeedSupervisor implements SeedPort, OnModuleInit, OnApplicationShutdown {
  #seed: Awaited<ReturnType<typeof superviseSeed>> | undefined;
  #unsavedBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly address: PublicAddress,
    private readonly counters: CountersRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    const { folder, options } = this.settings;
    const { trustedProxies, proxyHeader, exemptLoopback } = options;
    const isFixed = options.port !== 0;
    this.#seed = await superviseSeed(
      {
        blocksDirectory: folder.blocks,
        keySeed: await keySeedIn(folder.overlayKey),
        host: options.host,
        gatewayPort: isFixed ? options.port + 1 : 0,
        overlayPort: isFixed ? options.port + 2 : 0,
        announceHosts: this.address.announcedHosts,
        nice: options.nice,
        callers: { trustedProxies, proxyHeader, exemptLoopback },
        connectionsMaximum: options.gatewayConnectionsMaximum,
      },
      {
        onEgress: (bytes) => {
          this.#unsavedBytes += bytes;
        },
        onRestart: () => this.logger.warn('the seed process ended and was started again'),
      },
    );
    this.#timer = setInterval(() => void this.save(), SAVE_INTERVAL_MS);
    this.#timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#seed?.stop();
    await this.save();
  }

  gatewayUrl(): string {
    return this.address.gatewayUrl(this.#seed?.info().gatewayPort ?? 0);
  }

  overlay(): OverlayNode | null {
    return this.#seed?.info().overlay ?? null;
  }

  async answersAt(whom: { readonly peerId: string; readonly address: string }): Promise<boolean> {
    if (this.#seed) return this.#seed.answersAt(whom);
    throw new ManyhandsError('MH-GEN-004', { message: 'The seed process has not started.' });
  }

  /** Bytes of blocks sent so far, by gateway and overlay, since the coordinator was founded. */
  egressBytes(): number {
    return this.counters.get(EGRESS) + this.#unsavedBytes;
  }

  private async save(): Promise<void> {
    const bytes = this.#unsavedBytes;
    if (bytes === 0) return;
    this.#unsavedBytes = 0;
    try {
      await this.counters.add(EGRESS, bytes);
    } catch (err) {
      this.#unsavedBytes += bytes;
      this.logger.warn({ err }, 'the count of sent bytes could not be saved');
    }
  }
}
