// Keeps the tracker informed: where this host's overlay node is and what it takes part in, and how many bytes were moved.
import { type CoordinatorId, type KeyPair, type OverlayNode, seal } from '@manyhands/contract';
import type { TransferStats } from '@manyhands/overlay-node';
import type { Request } from '../control/requests.js';

const CHECK_MS = 1000;
/** The tracker forgets who is silent for long. */
const REFRESH_MS = 4 * 60_000;
const REPORT_MS = 5000;
const SWARMS_MAXIMUM = 64;

export type PresenceDependencies = {
  keyPair: KeyPair;
  node(): OverlayNode | null;
  swarms(): string[];
  stats(): TransferStats;
  request(request: Request): Promise<unknown>;
};

const NOTHING: TransferStats = { fromPeersBytes: 0, fromOriginBytes: 0, toPeersBytes: 0, connectedPeers: 0 };

export class OverlayPresence {
  readonly #coordinatorId: CoordinatorId;
  readonly #dependencies: PresenceDependencies;
  #timer: NodeJS.Timeout | null = null;
  #announced = { text: '', atMs: 0 };
  #sequence = 0;
  #reported = NOTHING;
  #reportedAtMs = 0;
  #isReporting = false;

  constructor(options: { coordinatorId: CoordinatorId }, dependencies: PresenceDependencies) {
    this.#coordinatorId = options.coordinatorId;
    this.#dependencies = dependencies;
  }

  /** Call with every welcome: a new connection knows nothing of the old announcement. */
  goOnline(): void {
    this.goOffline();
    this.#announced = { text: '', atMs: 0 };
    this.#timer = setInterval(() => this.#check(), CHECK_MS);
    this.#check();
  }

  goOffline(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  #check(): void {
    this.#announce();
    void this.report(REPORT_MS);
  }

  #announce(): void {
    const { node, swarms, keyPair, request } = this.#dependencies;
    const own = node();
    if (!own) return;
    const joined = swarms().slice(-SWARMS_MAXIMUM);
    const text = JSON.stringify([own, joined]);
    const nowMs = performance.now();
    if (text === this.#announced.text && nowMs - this.#announced.atMs < REFRESH_MS) return;
    this.#announced = { text, atMs: nowMs };
    // Later than the one before, also when the clock was set back.
    this.#sequence = Math.max(Date.now(), this.#sequence + 1);
    const record = { version: 1, sequence: this.#sequence, peerId: own.peerId, addresses: own.addresses };
    const envelope = seal(record, { type: 'overlay-record', coordinatorId: this.#coordinatorId }, keyPair).slice();
    request({ t: 'overlay.announce', envelope, swarms: joined as never }).catch(() => {
      this.#announced = { text: '', atMs: 0 };
    });
  }

  /** Reports what moved since the last acknowledged report, if that was at least so long ago. */
  async report(intervalMs: number): Promise<void> {
    const nowMs = performance.now();
    const stats = this.#dependencies.stats();
    const isChanged = JSON.stringify(stats) !== JSON.stringify(this.#reported);
    if (this.#isReporting || !isChanged || nowMs - this.#reportedAtMs < intervalMs) return;
    this.#isReporting = true;
    this.#reportedAtMs = nowMs;
    const delta = (name: 'fromPeersBytes' | 'fromOriginBytes' | 'toPeersBytes'): number =>
      Math.max(0, stats[name] - this.#reported[name]);
    try {
      await this.#dependencies.request({
        t: 'transfer.report',
        fromPeersBytes: delta('fromPeersBytes'),
        fromOriginBytes: delta('fromOriginBytes'),
        toPeersBytes: delta('toPeersBytes'),
        connectedPeers: Math.max(0, stats.connectedPeers),
      });
      this.#reported = stats;
    } catch {
      // said again with the next report
    } finally {
      this.#isReporting = false;
    }
  }
}
