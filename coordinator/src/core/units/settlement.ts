// What settling units brings with it, gathered over one transaction and written at its end: outcomes, credit, the record of hosts.

import type { HostStanding, HostTally } from '../../storage/sqlite/hosts.js';
import { batchOfUnit, indexOfUnit, unitIdOf } from '../../storage/sqlite/units.js';
import { type CreditedShare, fuelCap, grantsFor } from '../credits/domain/grants.js';
import { toRanges } from '../domain/ranges.js';
import { resultBytes } from '../lasting/domain/allowance-of-bytes.js';
import type { Aftermath } from '../ports/aftermath.js';
import type { CoreStore } from '../ports/core-store.js';
import { afterLapse, afterResults } from '../standing/domain/allowance.js';
import { nextReliability } from '../standing/domain/back-off.js';
import type { BatchBook, ChangeContext } from './change-context.js';
import { sharesOf } from './domain/lineage.js';
import { isSampled, type Sample, samplesOf, withSample } from './domain/pace.js';
import { isVote, leadingVerdict } from './domain/unit-state.js';
import { detailOf, setDetail, type UnitEntry } from './unit-entry.js';

/** What `counting` can count to. */
const ROWS_PER_STATEMENT = 256;

/** What one transaction learns of a host. */
type HostNews = HostTally & {
  /** Results that it handed in. */
  delivered: number;
  /** Units that ran out. */
  lapsed: number;
};
type AcceptedUnit = { readonly index: number; readonly digest: string };
const NO_DIGEST = '00'.repeat(32);
type Span = Omit<CreditedShare, 'fuel'> & { readonly fromFuel: number; readonly toFuel: number };
type Accepted = { readonly canonicalAccount: number; readonly credited: readonly number[] };

export class Settlement {
  private readonly news = new Map<number, HostNews>();
  private readonly credited: Span[] = [];
  /** Accepted units by batch. */
  private readonly accepted = new Map<number, AcceptedUnit[]>();
  private readonly failed: UnitEntry[] = [];
  /** One accepted unit of each batch, by which its pace is known. */
  private readonly sampled = new Map<number, UnitEntry>();

  constructor(
    private readonly store: CoreStore,
    private readonly books: BatchBook,
    private readonly aftermath: Aftermath,
  ) {}

  of(hostRowId: number): HostNews {
    let news = this.news.get(hostRowId);
    if (!news) {
      news = { accepted: 0, disagreed: 0, failed: 0, delivered: 0, lapsed: 0 };
      this.news.set(hostRowId, news);
    }
    return news;
  }

  /** The host handed in a result, whatever it is worth. */
  deliver(hostRowId: number, leaseRowId: number): void {
    this.of(hostRowId).delivered++;
    this.store.hosts.noteDelivered(hostRowId, leaseRowId);
  }

  /** A unit is accepted: who agreed is credited, who did not is noted, bundles that nobody needs are dropped. */
  accept(entry: UnitEntry, { canonicalAccount, credited }: Accepted): void {
    const batchRowId = batchOfUnit(entry.id);
    const unitIndex = indexOfUnit(entry.id);
    this.dropBundles(entry, detailOf(entry, canonicalAccount)?.bundleId ?? null);
    this.noteAccepted(batchRowId, { index: unitIndex, digest: detailOf(entry, canonicalAccount)?.digest ?? NO_DIGEST });
    if (!this.sampled.has(batchRowId)) this.sampled.set(batchRowId, entry);
    for (const replica of entry.state.replicas) {
      if (!isVote(replica)) continue;
      const { account } = replica;
      const host = detailOf(entry, account)?.host ?? 0;
      if (!credited.includes(account)) {
        this.of(host).disagreed++;
        continue;
      }
      this.of(host).accepted++;
      this.books.delta(batchRowId).agreed++;
      this.credit(entry, account, host);
      this.confirm(host, account, detailOf(entry, account)?.bundleBytes ?? null);
    }
  }

  private confirm(host: number, accountRowId: number, bundleBytes: number | null): void {
    const bytes = (this.aftermath.confirmed.get(host)?.bytes ?? 0) + resultBytes(bundleBytes);
    this.aftermath.confirmed.set(host, { accountRowId, bytes });
  }

  /** Each host that worked on the replica has its own part. */
  private credit(entry: UnitEntry, account: number, host: number): void {
    const unit = { batchRowId: batchOfUnit(entry.id), unitIndex: indexOfUnit(entry.id) };
    const replica = entry.state.replicas.find((candidate) => candidate.account === account);
    const segments = entry.segments.filter(({ lineage }) => lineage === replica?.lineage);
    for (const share of sharesOf(entry.state, { account, fuel: detailOf(entry, account)?.fuel ?? 0 })) {
      const { segment, fromFuel, toFuel, account: accountRowId } = share;
      const hostRowId = segment === null ? host : (segments[segment]?.host ?? host);
      this.credited.push({ ...unit, accountRowId, hostRowId, fromFuel, toFuel, isReplica: segment === null });
    }
  }

  fail(entry: UnitEntry): void {
    this.dropBundles(entry, null);
    this.failed.push(entry);
  }

  private noteAccepted(batchRowId: number, unit: AcceptedUnit): void {
    const units = this.accepted.get(batchRowId);
    if (units) units.push(unit);
    else this.accepted.set(batchRowId, [unit]);
  }

  private dropBundles(entry: UnitEntry, kept: number | null): void {
    for (const { account, phase } of entry.state.replicas) {
      const detail = detailOf(entry, account);
      if (!detail || phase !== 'succeeded') continue;
      const { bundleId, host: hostRowId, lease: leaseRowId } = detail;
      if (bundleId === null) this.aftermath.released.push({ hostRowId, leaseRowId, index: indexOfUnit(entry.id) });
      else if (bundleId !== kept) {
        if (bundleId > 0) this.books.bundles.remove(bundleId);
        setDetail(entry, { ...detail, bundleId: null });
      }
    }
  }

  /** Writes it down. The rows of units and replicas must be written before. */
  write({ nowMs, terms }: ChangeContext): void {
    for (const entry of this.failed) this.writeFailed(entry, nowMs);
    for (const [batchRowId, units] of this.accepted) this.writeAccepted(batchRowId, units, nowMs);
    this.writeCredit(nowMs, terms);
    for (const [hostRowId, news] of this.news) this.writeNews(hostRowId, news, nowMs);
  }

  private writeCredit(nowMs: number, terms: ChangeContext['terms']): void {
    const caps = new Map<number, number>();
    const capOf = (batchRowId: number): number => {
      const { creditPerReplicaMaximumMilli = 0, fuelPerCobblestone = 1 } = terms(batchRowId) ?? {};
      const cap = caps.get(batchRowId) ?? fuelCap(creditPerReplicaMaximumMilli, fuelPerCobblestone);
      caps.set(batchRowId, cap);
      return cap;
    };
    const shares = this.credited.map(({ fromFuel, toFuel, ...share }): CreditedShare => {
      const cap = capOf(share.batchRowId);
      return { ...share, fuel: Math.min(toFuel, cap) - Math.min(fromFuel, cap) };
    });
    for (const grant of grantsFor(shares)) {
      const creditMilli = this.store.ledger.grant(grant, terms(grant.batchRowId)?.fuelPerCobblestone ?? 1, nowMs);
      this.books.delta(grant.batchRowId).creditMilli += creditMilli;
      this.books.story.earned({ ...grant, creditMilli });
    }
  }

  private writeAccepted(batchRowId: number, units: AcceptedUnit[], nowMs: number): void {
    this.aftermath.settled.add(batchRowId);
    this.notePace(batchRowId, units.length, nowMs);
    this.books.story.acceptedUnits(batchRowId, units.length);
    this.store.ledger.throughput(this.books.batch(batchRowId).project_row_id, nowMs, units.length);
    units.sort((left, right) => left.index - right.index);
    let at = 0;
    for (const [firstIndex, count] of toRanges(
      units.map(({ index }) => index),
      ROWS_PER_STATEMENT,
    )) {
      const digests = units.slice(at, at + count).map(({ digest }) => digest);
      at += count;
      const firstId = unitIdOf(batchRowId, firstIndex);
      this.store.results.add(firstId, digests);
      this.aftermath.chainDisputes.push(...this.store.chainDisputes.note(firstId, firstId + count - 1, nowMs));
      const sequence = this.books.takeSequences(batchRowId, count);
      this.store.ledger.accepted({ batchRowId, sequence, firstIndex, count }, nowMs);
    }
  }

  /** What the slowest of those took who agreed on a unit: no longer than they had it, whatever they say. */
  private notePace(batchRowId: number, acceptedNow: number, nowMs: number): void {
    const entry = this.sampled.get(batchRowId);
    const { accepted, pace } = this.books.batch(batchRowId);
    if (!entry || !isSampled(accepted, acceptedNow)) return;
    const agreeing = entry.state.replicas.filter(({ phase }) => phase === 'succeeded');
    const took = agreeing.map(({ account }): Sample => {
      const { lease = 0, elapsedMs, fuel } = detailOf(entry, account) ?? {};
      const heldMs = nowMs - (this.store.leases.byRowId(lease)?.grantedMs ?? nowMs);
      return [Math.max(0, Math.min(elapsedMs ?? 0, heldMs)), fuel ?? 0];
    });
    const longest = took.sort(([left], [right]) => right - left)[0];
    if (longest) this.store.units.setPace(batchRowId, JSON.stringify(withSample(samplesOf(pace), longest)));
  }

  private writeFailed(entry: UnitEntry, nowMs: number): void {
    const { id, state } = entry;
    const batchRowId = batchOfUnit(id);
    this.aftermath.settled.add(batchRowId);
    const sequence = this.books.takeSequences(batchRowId, 1);
    const run = { batchRowId, sequence, firstIndex: indexOfUnit(id), count: 1 };
    this.store.ledger.failed(run, nowMs, JSON.stringify({ code: state.code, ...this.whatWasSaid(entry) }));
  }

  /** What those said who agreed, else any of those who failed. */
  private whatWasSaid(entry: UnitEntry): Record<string, string | number | null> {
    const { replicas, code } = entry.state;
    const { verdict } = leadingVerdict(entry.state);
    const agreed =
      code === 'MH-VAL-001' ? replicas.find((replica) => isVote(replica) && replica.verdict === verdict) : undefined;
    const failed = agreed ?? replicas.find(({ phase }) => phase === 'unit-failed' || phase === 'host-failed');
    const said = failed && this.store.replicas.failure(entry.id, failed.account);
    return {
      cause: said?.code ?? null,
      exitCode: said?.exit_code ?? null,
      message: said?.message ?? null,
      stderrTail: said?.stderr_tail ?? null,
      fuel: agreed ? (detailOf(entry, agreed.account)?.fuel ?? null) : null,
    };
  }

  private writeNews(hostRowId: number, news: HostNews, nowMs: number): void {
    const { hosts, lapses } = this.store;
    if (news.accepted + news.disagreed + news.failed > 0) hosts.addTally(hostRowId, news);
    const before = hosts.standing(hostRowId);
    const after = nextStanding(before, news, nowMs);
    if (!isEqual(before, after)) hosts.setStanding(hostRowId, after);
    if (before.allowance !== null && after.allowance === null) lapses.forgetSettled(hostRowId);
    if (news.delivered + news.accepted > 0) this.aftermath.roomier.add(hostRowId);
  }
}

function nextStanding(before: HostStanding, news: HostNews, nowMs: number): HostStanding {
  const report = { goodCount: news.accepted, badCount: news.disagreed + news.failed };
  const trusted = afterResults(before.allowance, news.delivered);
  return {
    ...nextReliability(before, report, nowMs),
    allowance: news.lapsed > 0 ? afterLapse(trusted, nowMs) : trusted,
    agreedCount: before.agreedCount,
  };
}

function isEqual(left: HostStanding, right: HostStanding): boolean {
  return (
    left.failureStreak === right.failureStreak &&
    left.workNotBeforeMs === right.workNotBeforeMs &&
    left.allowance?.units === right.allowance?.units &&
    left.allowance?.sinceMs === right.allowance?.sinceMs
  );
}
