// Watches the event loop: how late its timers come says how much waits in it.
import { nextLag, strainOf } from './domain/strain.js';

const SAMPLE_MS = 100;

export class EventLoop {
  private lagMs = 0;
  private sampledAtMs = performance.now();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly heavyLagMs: number) {}

  start(): void {
    this.sampledAtMs = performance.now();
    this.timer = setInterval(() => this.sample(), SAMPLE_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** From 0 to 1; see domain/strain.ts. */
  strain(): number {
    return strainOf(nextLag(this.lagMs, this.lateMs(performance.now())), this.heavyLagMs);
  }

  private sample(): void {
    const nowMs = performance.now();
    this.lagMs = nextLag(this.lagMs, this.lateMs(nowMs));
    this.sampledAtMs = nowMs;
  }

  private lateMs(nowMs: number): number {
    return this.timer === undefined ? 0 : Math.max(0, nowMs - this.sampledAtMs - SAMPLE_MS);
  }
}
