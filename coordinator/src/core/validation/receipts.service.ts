// Receipts: verified, then recorded in one transaction, idempotent by (lease id, unit index). Bad input is an answer, not a throw.
import {
  type CoordinatorId,
  type ErrorCode,
  errorEntry,
  type HostId,
  type LeaseId,
  type MessageOf,
  open,
  type Receipt,
  receiptSchema,
} from '@manyhands/contract';
import { Inject, Injectable } from '@nestjs/common';
import type { LeaseRow } from '../../storage/sqlite/leases.js';
import { unitIdOf } from '../../storage/sqlite/units.js';
import { LastingBytes } from '../lasting/lasting-bytes.js';
import type { BatchTerms } from '../ports/batch-directory.js';
import { CoreStore } from '../ports/core-store.js';
import { CORE_OPTIONS, type CoreOptions } from '../ports/options.js';
import type { UnitChanges } from '../units/unit-changes.js';
import { verdictOf } from '../units/unit-entry.js';
import { UnitWriter } from '../units/unit-writer.js';
import {
  failureDigest,
  failureEvent,
  type Impossible,
  type Item,
  isKept,
  type Judged,
  judge,
  type NewFailure,
  type NewResult,
  partyOf,
  refusalOf,
  roomFor,
  textBytes,
  toItem,
} from './receipt-items.js';

/** Spans of units up to this many times the number of items are read at once, wider ones unit by unit. */
const SPAN_FACTOR = 4;
/** Who has to say the news of a receipt again may do so at once. */
const AGAIN_MS = 1000;

/** `later`: what `items` does not answer is to be sent again, at the earliest after that time. */
export type ReceiptsAnswer = {
  readonly answered: { leaseId: LeaseId; items: Item[] } | null;
  readonly refusal: { code: ErrorCode; reason: string; retryAfterMs: number | null } | null;
};
export type ReceiptSender = {
  readonly hostRowId: number;
  readonly accountRowId: number;
  readonly hostId: HostId;
  readonly publicKey: Uint8Array;
};

@Injectable()
export class ReceiptsService {
  private readonly coordinatorId: CoordinatorId;

  constructor(
    private readonly store: CoreStore,
    private readonly writer: UnitWriter,
    private readonly lasting: LastingBytes,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
  ) {
    this.coordinatorId = options.coordinatorId;
  }

  /** Records a message of receipts; resolves once it is durable. */
  async record(sender: ReceiptSender, { envelope, bundles }: MessageOf<'receipts'>): Promise<ReceiptsAnswer> {
    const waitMs = this.lasting.waitMs(sender);
    if (waitMs > 0) return refuse('MH-RCP-006', errorEntry('MH-RCP-006').doc, waitMs);
    const context = { type: 'receipt', coordinatorId: this.coordinatorId } as const;
    const opened = open(envelope, context, { schema: receiptSchema, publicKey: sender.publicKey });
    if (!opened.ok) return refuse(opened.code, opened.reason);
    const receipt = opened.value;
    if (receipt.hostId !== sender.hostId) return refuse('MH-SIG-004', 'the receipt names another host');
    const inline = new Map(bundles);
    return this.writer.changeTogether((changes) => this.take(changes, sender, { receipt, envelope, inline }));
  }

  private take(
    changes: UnitChanges,
    sender: ReceiptSender,
    said: { receipt: Receipt; envelope: Uint8Array; inline: ReadonlyMap<number, Uint8Array> },
  ): ReceiptsAnswer {
    const { receipt, envelope, inline } = said;
    const lease = this.store.leases.byLeaseId(receipt.leaseId);
    if (!lease || lease.hostRowId !== sender.hostRowId) return refuseAll(receipt, 'MH-LSE-001');
    const refusal = refusalOf(receipt, lease) ?? strangeness(receipt, lease, changes.context.terms(lease.batchRowId));
    if (refusal) return refuseAll(receipt, refusal);
    this.preload(changes, lease, receipt);
    const judged = judge({ changes, lease }, receipt, inline);
    if (envelope.length > roomFor(judged) && judged.some(isNews)) return this.askAgain(changes, lease, judged);
    const items = judged.map((item) => this.recordItem(changes, lease, item));
    if (judged.some(isNews)) {
      if (lease.engine !== receipt.engine) changes.noteEngine(lease.id, receipt.engine);
      this.keep(lease, said, judged);
    }
    return { answered: { leaseId: lease.leaseId, items }, refusal: null };
  }

  /** The receipt has more bytes than its news are worth: what is known is answered, so that the host can say the rest by itself. */
  private askAgain(changes: UnitChanges, lease: LeaseRow, judged: readonly Judged[]): ReceiptsAnswer {
    const rest = judged.filter((item) => !isNews(item));
    const items = rest.map((item) => this.recordItem(changes, lease, item));
    const refusal = { code: 'MH-RCP-007' as const, reason: errorEntry('MH-RCP-007').doc, retryAfterMs: AGAIN_MS };
    return { answered: { leaseId: lease.leaseId, items }, refusal };
  }

  /** Keeps the envelope as received: whoever compares chains later needs the signature. */
  private keep(lease: LeaseRow, { envelope }: { envelope: Uint8Array }, judged: readonly Judged[]): void {
    this.store.replicas.addReceipt(lease.id, this.options.nowMs(), envelope);
    let bytes = envelope.length;
    for (const item of judged) {
      if (item.is === 'result') bytes += item.bundle?.bytes.length ?? 0;
      if (item.is === 'failure') bytes += textBytes(item.item);
    }
    this.lasting.charge(lease, bytes);
  }

  private recordItem(changes: UnitChanges, lease: LeaseRow, judged: Judged): Item {
    switch (judged.is) {
      case 'known':
        return judged.answer;
      case 'impossible':
        return distrust(changes, lease, judged);
      case 'result':
        return succeed(changes, lease, judged);
      case 'failure':
        return fail(changes, lease, judged);
    }
  }

  private preload(changes: UnitChanges, { batchRowId }: LeaseRow, { successes, failures }: Receipt): void {
    const indexes = [...successes.map(([index]) => index), ...failures.map(({ index }) => index)];
    const firstIndex = indexes.reduce((least, index) => Math.min(least, index), Number.POSITIVE_INFINITY);
    const lastIndex = indexes.reduce((most, index) => Math.max(most, index), -1);
    if (indexes.length > 0 && lastIndex - firstIndex < SPAN_FACTOR * indexes.length)
      changes.load(batchRowId, firstIndex, lastIndex);
  }
}

function isNews({ is }: Judged): boolean {
  return is === 'result' || is === 'failure';
}

function succeed(changes: UnitChanges, lease: LeaseRow, { item, digest, bundle, twinId }: NewResult): Item {
  const [index, , bundleBytes, elapsedMs, fuel, markCount, chainRoot] = item;
  const unitId = unitIdOf(lease.batchRowId, index);
  const account = lease.accountRowId;
  const bundleId = bundle ? changes.bundles.add(bundle) : twinId;
  const verdict = verdictOf(digest, fuel);
  const event = { type: 'succeeded', ...partyOf(lease), verdict, hasBytes: bundleId !== null } as const;
  const chain = { markCount, chainRoot };
  const detail = { host: lease.hostRowId, lease: lease.id, digest, bundleBytes, bundleId, elapsedMs, fuel, chain };
  const reply = changes.apply(unitId, event, detail);
  return toItem(index, reply, isKept(changes, unitId, account) ? 'recorded' : 'settled');
}

function fail(changes: UnitChanges, lease: LeaseRow, { item, kind, code }: NewFailure): Item {
  const { index, exitCode, message, stderrTail, elapsedMs, fuel, markCount, chainRoot } = item;
  const unitId = unitIdOf(lease.batchRowId, index);
  const event = failureEvent(lease, item, { kind, code });
  if (kind === 'needs-all') return toItem(index, changes.apply(unitId, event), 'settled');
  changes.describeFailure(unitId, lease.accountRowId, { code, exitCode, message, stderrTail });
  const parts = { host: lease.hostRowId, lease: lease.id, elapsedMs };
  const chain = { markCount, chainRoot };
  const detail = kind === 'host-failure' ? parts : { ...parts, digest: failureDigest(item, code), fuel, chain };
  return toItem(index, changes.apply(unitId, event, detail), 'settled');
}

/** The host has said what cannot be: it is not asked about this unit again, if it still has it. */
function distrust(changes: UnitChanges, lease: LeaseRow, { index, code, message }: Impossible): Item {
  const unitId = unitIdOf(lease.batchRowId, index);
  const { accountRowId: account } = lease;
  const reply = changes.apply(unitId, { type: 'host-failed', ...partyOf(lease) });
  if (reply.status === 'done' && reply.code === null)
    changes.describeFailure(unitId, account, { code, exitCode: null, message, stderrTail: '' });
  return [index, 'refused', code];
}

/** A host that could not run what it was told to run may say so, whatever it was told. */
function strangeness(receipt: Receipt, lease: LeaseRow, terms?: BatchTerms): ErrorCode | null {
  const { manifestCid, appVersionId, build, successes, failures } = receipt;
  if (successes.length === 0 && failures.every(({ kind }) => kind === 'host-failure')) return null;
  const isForLease = terms?.manifestCid === manifestCid && terms.appVersionId === appVersionId && lease.build === build;
  return isForLease ? null : 'MH-RCP-005';
}

function refuse(code: ErrorCode, reason: string, retryAfterMs: number | null = null): ReceiptsAnswer {
  return { answered: null, refusal: { code, reason, retryAfterMs } };
}

function refuseAll({ leaseId, successes, failures }: Receipt, code: ErrorCode): ReceiptsAnswer {
  const items = [
    ...successes.map(([index]): Item => [index, 'refused', code]),
    ...failures.map(({ index }): Item => [index, 'refused', code]),
  ];
  return { answered: { leaseId, items }, refusal: null };
}
