// Who may have costly answers now: each reader has a share of the processor and of the line, which fills again with time. Pure: time comes from outside.
import { BoundedMap } from '@manyhands/foundation';

export type Cost = { readonly cpuMs: number; readonly bytes: number };
export type ShareRules = {
  /** What a reader that has not read for a while may have at once. */
  readonly burst: Cost;
  /** What one reader may have in a second, on average. */
  readonly perSecond: Cost;
  /** What all of them together may have in a second: when many read, each may have less. */
  readonly togetherPerSecond: Cost;
};

/** `used`: what counts against the reader, at `atMs`. */
type Account = { used: Cost; atMs: number };

/** Those who have read within one or two of these share what all may have. */
const ACTIVE_MS = 5000;
/** Beyond it the one that has not read for the longest time is forgotten: by then it has its share again. */
const READERS_MAXIMUM = 50_000;

export class ReadShares {
  private readonly accounts = new BoundedMap<Account>(READERS_MAXIMUM);
  private active = new Set<string>();
  private activeBefore = new Set<string>();
  private activeSinceMs = 0;

  constructor(private readonly rules: ShareRules) {}

  /** How long the reader has to wait; 0: it may read. */
  waitMs(reader: string, nowMs: number): number {
    const { cpuMs, bytes } = this.usedBy(reader, nowMs);
    const { burst } = this.rules;
    const rate = this.rate();
    const overCpuMs = cpuMs - burst.cpuMs;
    const overBytes = bytes - burst.bytes;
    if (overCpuMs < 0 && overBytes < 0) return 0;
    return 1000 * Math.max(overCpuMs / rate.cpuMs, overBytes / rate.bytes, 0.001);
  }

  /** Counts what an answer took, when it is known: a reader may go beyond its share once, and waits the longer. */
  spend(reader: string, cost: Cost, nowMs: number): void {
    const used = this.usedBy(reader, nowMs);
    this.turn(nowMs);
    this.active.add(reader);
    const account = this.accountOf(reader, nowMs);
    account.used = { cpuMs: used.cpuMs + cost.cpuMs, bytes: used.bytes + cost.bytes };
    account.atMs = nowMs;
  }

  private accountOf(reader: string, nowMs: number): Account {
    return this.accounts.get(reader, () => ({ used: { cpuMs: 0, bytes: 0 }, atMs: nowMs }));
  }

  private usedBy(reader: string, nowMs: number): Cost {
    const account = this.accountOf(reader, nowMs);
    const seconds = Math.max(0, nowMs - account.atMs) / 1000;
    const rate = this.rate();
    return {
      cpuMs: Math.max(0, account.used.cpuMs - seconds * rate.cpuMs),
      bytes: Math.max(0, account.used.bytes - seconds * rate.bytes),
    };
  }

  private rate(): Cost {
    const { perSecond, togetherPerSecond } = this.rules;
    const readers = Math.max(1, this.active.size, this.activeBefore.size);
    return {
      cpuMs: Math.min(perSecond.cpuMs, togetherPerSecond.cpuMs / readers),
      bytes: Math.min(perSecond.bytes, togetherPerSecond.bytes / readers),
    };
  }

  private turn(nowMs: number): void {
    if (nowMs - this.activeSinceMs < ACTIVE_MS) return;
    this.activeBefore = nowMs - this.activeSinceMs < 2 * ACTIVE_MS ? this.active : new Set();
    this.active = new Set();
    this.activeSinceMs = nowMs;
  }
}
