// Receipts: verified, then recorded in one transaction, idempotent by (lease id, unit index). Bad input is an answer, not a throw.
import {
  type CoordinatorId,
  type ErrorCode,
  type FailureItem,
  type HostId,
  INLINE_BUNDLE_MAXIMUM_BYTES,
  isErrorCode,
  type MessageOf,
  open,
  openBundle,
  type Receipt,
  type ReceiptStatus,
  receiptSchema,
  type SuccessItem,
} from '@manyhands/contract';
import { Inject, Injectable } from '@nestjs/common';
import { type BatchTerms, CORE_OPTIONS, type CoreOptions } from '../core-ports.js';
import type { LeaseRow } from '../storage/sqlite/leases.js';
import { batchOfUnit, unitIdOf } from '../storage/sqlite/units.js';
import { CoreStore } from '../units/core-store.js';
import { hasSpokenKin } from '../units/domain/kin.js';
import { baseFuelOf } from '../units/domain/lineage.js';
import { isInRanges } from '../units/domain/ranges.js';
import type { UnitReply } from '../units/domain/unit-events.js';
import { isSettled, type Party } from '../units/domain/unit-state.js';
import type { UnitChanges } from '../units/unit-changes.js';
import { detailOf, verdictOf } from '../units/unit-entry.js';
import { UnitWriter } from '../units/unit-writer.js';

/** Spans of units up to this many times the number of items are read at once, wider ones unit by unit. */
const SPAN_FACTOR = 4;

type Item = MessageOf<'receipts.ack'>['items'][number];
export type ReceiptsAnswer =
  | { ok: true; leaseId: Receipt['leaseId']; items: Item[] }
  | { ok: false; code: string; reason: string };
export type ReceiptSender = { readonly hostRowId: number; readonly hostId: HostId; readonly publicKey: Uint8Array };

@Injectable()
export class ReceiptsService {
  private readonly coordinatorId: CoordinatorId;

  constructor(
    private readonly store: CoreStore,
    private readonly writer: UnitWriter,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
  ) {
    this.coordinatorId = options.coordinatorId;
  }

  /** Records a message of receipts; resolves once it is durable. */
  async record(sender: ReceiptSender, { envelope, bundles }: MessageOf<'receipts'>): Promise<ReceiptsAnswer> {
    const context = { type: 'receipt', coordinatorId: this.coordinatorId } as const;
    const opened = open(envelope, context, { schema: receiptSchema, publicKey: sender.publicKey });
    if (!opened.ok) return opened;
    const receipt = opened.value;
    const { leaseId } = receipt;
    if (receipt.hostId !== sender.hostId)
      return { ok: false, code: 'MH-SIG-004', reason: 'the receipt names another host' };
    const inline = new Map(bundles);
    const items = await this.writer.changeTogether((changes) => {
      const lease = this.store.leases.byLeaseId(leaseId);
      if (!lease || lease.hostRowId !== sender.hostRowId) return refuseAll(receipt, 'MH-LSE-001');
      const isStatement = !isOnlyHostFailures(receipt);
      if (isStatement && !isForLease(receipt, lease, changes.context.terms(lease.batchRowId)))
        return refuseAll(receipt, 'MH-RCP-005');
      const answers = this.recordItems(changes, lease, { receipt, inline });
      const isNews = answers.some(([, status, code]) => status !== 'refused' && code === null);
      if (isNews) this.store.replicas.addReceipt(lease.id, this.options.nowMs(), envelope); // replays must not fill the disk
      if (isNews && lease.engine !== receipt.engine) this.store.leases.setEngine(lease.id, receipt.engine);
      return answers;
    });
    return { ok: true, leaseId, items };
  }

  private recordItems(
    changes: UnitChanges,
    lease: LeaseRow,
    { receipt, inline }: { receipt: Receipt; inline: ReadonlyMap<number, Uint8Array> },
  ): Item[] {
    this.preload(changes, lease, receipt);
    const isLeased = (index: number): boolean => isInRanges(lease.ranges, index);
    return [
      ...receipt.successes.map(
        (item): Item =>
          isLeased(item[0]) ? this.succeed(changes, lease, { item, bundle: inline.get(item[0]) }) : notLeased(item[0]),
      ),
      ...receipt.failures.map(
        (item): Item => (isLeased(item.index) ? this.fail(changes, lease, item) : notLeased(item.index)),
      ),
    ];
  }

  private preload(changes: UnitChanges, { batchRowId, ranges }: LeaseRow, { successes, failures }: Receipt): void {
    const indexes = [...successes.map(([index]) => index), ...failures.map(({ index }) => index)];
    const leased = indexes.filter((index) => isInRanges(ranges, index));
    const firstIndex = leased.reduce((least, index) => Math.min(least, index), Number.POSITIVE_INFINITY);
    const lastIndex = leased.reduce((most, index) => Math.max(most, index), -1);
    if (leased.length > 0 && lastIndex - firstIndex < SPAN_FACTOR * leased.length)
      changes.load(batchRowId, firstIndex, lastIndex);
  }

  private succeed(
    changes: UnitChanges,
    lease: LeaseRow,
    { item, bundle }: { item: SuccessItem; bundle: Uint8Array | undefined },
  ): Item {
    const [index, digestBytes, bundleBytes, elapsedMs, fuel, markCount, chainRoot] = item;
    const unitId = unitIdOf(lease.batchRowId, index);
    const digest = hexOf(digestBytes);
    const party = partyOf(lease);
    const { account } = party;
    let bundleId: number | null = null;
    if (hasNotSpoken(changes, unitId, party)) {
      if (!isPossibleFuel(changes, unitId, { account, fuel })) return this.refuseFuel(changes, lease, index);
      bundleId = durableTwin(changes, unitId, digest);
      if (bundleId === null && bundle) {
        if (!isBundleOf(bundle, digestBytes)) return this.refuseBundle(changes, lease, index);
        bundleId = changes.bundles.add(bundle);
      }
    }
    const verdict = verdictOf(digest, fuel);
    const event = { type: 'succeeded', ...party, verdict, hasBytes: bundleId !== null } as const;
    const chain = { markCount, chainRoot };
    const detail = { host: lease.hostRowId, lease: lease.id, digest, bundleBytes, bundleId, elapsedMs, fuel, chain };
    const reply = changes.apply(unitId, event, detail);
    const entry = changes.entry(unitId);
    const isKept = !isSettled(entry.state) && (detailOf(entry, account)?.bundleId ?? null) === null;
    return toItem(index, reply, isKept ? 'recorded' : 'settled');
  }

  /** A bundle that is not what its own receipt says: the host cannot be trusted with this unit. */
  private refuseBundle(changes: UnitChanges, lease: LeaseRow, index: number): Item {
    const message = 'the bundle does not match the digest in its receipt';
    return this.refuseStatement(changes, lease, { index, code: 'MH-RCP-003', message });
  }

  private refuseFuel(changes: UnitChanges, lease: LeaseRow, index: number): Item {
    const message = 'the fuel in the receipt is not possible for this unit';
    return this.refuseStatement(changes, lease, { index, code: 'MH-RCP-005', message });
  }

  private refuseStatement(
    changes: UnitChanges,
    lease: LeaseRow,
    { index, code, message }: { index: number; code: string; message: string },
  ): Item {
    const unitId = unitIdOf(lease.batchRowId, index);
    changes.describeFailure(unitId, lease.accountRowId, { code, exitCode: null, message, stderrTail: '' });
    changes.apply(unitId, { type: 'host-failed', ...partyOf(lease) });
    return [index, 'refused', code];
  }

  private fail(changes: UnitChanges, lease: LeaseRow, item: FailureItem): Item {
    const { index, exitCode, message, stderrTail } = item;
    const unitId = unitIdOf(lease.batchRowId, index);
    const party = partyOf(lease);
    const { account } = party;
    const { kind, code } = sortOf(item, lease);
    // A replayed failure of an earlier lease says nothing about the replica that runs now.
    const isReplayed = detailOf(changes.entry(unitId), account)?.lease !== lease.id;
    if (kind !== 'unit-failure' && isReplayed) return toItem(index, { status: 'done', code: 'MH-RCP-001' }, 'settled');
    if (kind === 'needs-all') return toItem(index, changes.apply(unitId, { type: 'needs-all', account }), 'settled');
    if (hasNotSpoken(changes, unitId, party)) {
      if (kind === 'unit-failure' && !isPossibleFailure(changes, unitId, { account, code, item }))
        return this.refuseFuel(changes, lease, index);
      changes.describeFailure(unitId, account, { code, exitCode, message, stderrTail });
    }
    const reply =
      kind === 'unit-failure'
        ? this.failUnit(changes, lease, { item, code })
        : changes.apply(unitId, { type: 'host-failed', ...party }, partsOf(item, lease));
    return toItem(index, reply, 'settled');
  }

  private failUnit(
    changes: UnitChanges,
    lease: LeaseRow,
    { item, code }: { item: FailureItem; code: string },
  ): UnitReply {
    const { index, exitCode, fuel, markCount, chainRoot } = item;
    const digest = Buffer.from(`${code}:${exitCode ?? ''}`).toString('hex');
    const chain = { markCount, chainRoot };
    const event = { type: 'unit-failed', ...partyOf(lease), verdict: verdictOf(digest, fuel) } as const;
    const detail = { ...partsOf(item, lease), digest, fuel, chain };
    return changes.apply(unitIdOf(lease.batchRowId, index), event, detail);
  }
}

/** What the item is taken for: only the build that has a stricter one beside it can need that. */
function sortOf({ kind, code }: FailureItem, { build }: LeaseRow): { kind: FailureItem['kind']; code: ErrorCode } {
  const isNeedsAll = kind === 'needs-all' || (kind === 'unit-failure' && code === 'MH-UNIT-010');
  if (isNeedsAll)
    return build === 'nonleaf'
      ? { kind: 'needs-all', code: 'MH-UNIT-010' }
      : { kind: 'host-failure', code: 'MH-HOST-005' };
  const known = isErrorCode(code) ? code : 'MH-GEN-001';
  return { kind: kind === 'unit-failure' && known.startsWith('MH-UNIT-') ? kind : 'host-failure', code: known };
}

function partsOf({ elapsedMs }: FailureItem, lease: LeaseRow): { host: number; lease: number; elapsedMs: number } {
  return { host: lease.hostRowId, lease: lease.id, elapsedMs };
}

/** A host that could not run what it was told to run may say so, whatever it was told. */
function isOnlyHostFailures({ successes, failures }: Receipt): boolean {
  return successes.length === 0 && failures.every(({ kind }) => kind === 'host-failure');
}

function isForLease({ manifestCid, appVersionId, build }: Receipt, lease: LeaseRow, terms?: BatchTerms): boolean {
  return terms?.manifestCid === manifestCid && terms.appVersionId === appVersionId && lease.build === build;
}

/** At most what the unit may use, and not less than its predecessors used. */
function isPossibleFuel(
  changes: UnitChanges,
  unitId: number,
  { account, fuel }: { account: number; fuel: number },
): boolean {
  const { state } = changes.entry(unitId);
  const own = state.replicas.find((replica) => replica.account === account);
  const { fuelMaximum = 0 } = changes.context.terms(batchOfUnit(unitId)) ?? {};
  return fuel <= fuelMaximum && (!own || own.lineage === null || fuel >= baseFuelOf(state, own));
}

/** Who runs out of fuel has used all of it, to the last. */
function isPossibleFailure(
  changes: UnitChanges,
  unitId: number,
  { account, code, item }: { account: number; code: string; item: FailureItem },
): boolean {
  const { fuelMaximum = 0 } = changes.context.terms(batchOfUnit(unitId)) ?? {};
  if (code === 'MH-UNIT-008' && item.fuel !== fuelMaximum) return false;
  return isPossibleFuel(changes, unitId, { account, fuel: item.fuel });
}

/** Whether a statement of the party on the unit would be its first. */
function hasNotSpoken(changes: UnitChanges, unitId: number, party: Party): boolean {
  const { state } = changes.entry(unitId);
  const own = state.replicas.find((replica) => replica.account === party.account);
  if (isSettled(state) || hasSpokenKin(state, party)) return false;
  return own !== undefined && own.verdict === null && own.phase !== 'host-failed';
}

/** As which party its host had the units. */
function partyOf({ accountRowId, hostRowId, network }: LeaseRow): Party {
  return { account: accountRowId, host: hostRowId, network };
}

/** Where the same bytes are durable already: an equal digest needs no second check and no second copy. */
function durableTwin(changes: UnitChanges, unitId: number, digest: string): number | null {
  const entry = changes.entry(unitId);
  for (const { account, phase, hasBytes } of entry.state.replicas) {
    if (!hasBytes || phase !== 'succeeded') continue;
    const detail = detailOf(entry, account);
    if (detail?.digest === digest) return detail.bundleId;
  }
  return null;
}

function hexOf({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
}

function isBundleOf(bundle: Uint8Array, digest: Uint8Array): boolean {
  return bundle.length <= INLINE_BUNDLE_MAXIMUM_BYTES && openBundle(bundle, digest) !== undefined;
}

function toItem(index: number, { status, code }: UnitReply, recorded: ReceiptStatus): Item {
  return [index, status === 'done' ? recorded : status, code];
}

const notLeased = (index: number): Item => [index, 'refused', 'MH-LSE-002'];

function refuseAll({ successes, failures }: Receipt, code: string): Item[] {
  return [
    ...successes.map(([index]): Item => [index, 'refused', code]),
    ...failures.map(({ index }): Item => [index, 'refused', code]),
  ];
}
