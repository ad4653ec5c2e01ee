// Who brings about bytes that stay here: each host and each account has a budget of them, and is told to wait when it is used up. Nothing is discarded.
// What others confirmed by the same result costs nothing in the end.
import { Inject, Injectable } from '@nestjs/common';
import { CoreEvents } from '../ports/core-events.js';
import { CORE_OPTIONS, type CoreOptions } from '../ports/options.js';
import { afterBytes, type BytesRate, NOTHING_OWED, type Owed, waitMsOf } from './domain/allowance-of-bytes.js';

/** A budget that is used up is whole again after so long. */
const REFILL_SECONDS = 1024;
/** An account is several computers. */
const ACCOUNT_FACTOR = 4;
/** Those who owe nothing any more are forgotten when there are so many entries, and again when they have doubled. */
const SWEEP_FROM = 1024;

export type Payer = { readonly hostRowId: number; readonly accountRowId: number };

@Injectable()
export class LastingBytes {
  private readonly hosts: Debts;
  private readonly accounts: Debts;

  constructor(
    @Inject(CORE_OPTIONS) private readonly options: Pick<CoreOptions, 'hostLastingBytes' | 'nowMs'>,
    events: CoreEvents,
  ) {
    this.hosts = new Debts(options.hostLastingBytes);
    this.accounts = new Debts(ACCOUNT_FACTOR * options.hostLastingBytes);
    events.onCommit(({ confirmed }) => {
      for (const [hostRowId, { accountRowId, bytes }] of confirmed) this.charge({ hostRowId, accountRowId }, -bytes);
    });
  }

  /** How long this host must wait before it brings about more; 0: not at all. */
  waitMs({ hostRowId, accountRowId }: Payer): number {
    const nowMs = this.options.nowMs();
    return Math.max(this.hosts.waitMs(hostRowId, nowMs), this.accounts.waitMs(accountRowId, nowMs));
  }

  charge({ hostRowId, accountRowId }: Payer, bytes: number): void {
    const nowMs = this.options.nowMs();
    this.hosts.change(hostRowId, bytes, nowMs);
    this.accounts.change(accountRowId, bytes, nowMs);
  }
}

class Debts {
  private readonly owed = new Map<number, Owed>();
  private readonly rate: BytesRate;
  private sweepAt = SWEEP_FROM;

  constructor(burstBytes: number) {
    this.rate = { burstBytes, bytesPerSecond: Math.max(1, burstBytes / REFILL_SECONDS) };
  }

  waitMs(id: number, nowMs: number): number {
    return waitMsOf(this.owed.get(id) ?? NOTHING_OWED, this.rate, nowMs);
  }

  change(id: number, bytes: number, nowMs: number): void {
    const after = afterBytes(this.owed.get(id) ?? NOTHING_OWED, bytes, { rate: this.rate, nowMs });
    if (after.bytes === 0) this.owed.delete(id);
    else this.owed.set(id, after);
    if (this.owed.size >= this.sweepAt) this.sweep(nowMs);
  }

  /** Nobody is forgotten who owes: there are no more of them than came within the time of a refill. */
  private sweep(nowMs: number): void {
    for (const [id, owed] of this.owed)
      if (afterBytes(owed, 0, { rate: this.rate, nowMs }).bytes === 0) this.owed.delete(id);
    this.sweepAt = Math.max(SWEEP_FROM, 2 * this.owed.size);
  }
}
