// What each item of a receipt is worth, judged before anything is changed: news, something known already, or not possible.
import {
  type ErrorCode,
  type FailureItem,
  INLINE_BUNDLE_MAXIMUM_BYTES,
  isErrorCode,
  type MessageOf,
  openBundle,
  type Receipt,
  type ReceiptStatus,
  type SuccessItem,
} from '@manyhands/contract';
import type { LeaseRow } from '../../storage/sqlite/leases.js';
import type { NewBundle } from '../../storage/sqlite/replica-runs.js';
import { batchOfUnit, unitIdOf } from '../../storage/sqlite/units.js';
import { isInRanges } from '../domain/ranges.js';
import { SUCCESS_BYTES } from '../lasting/domain/allowance-of-bytes.js';
import { factsOf } from '../results/domain/result-facts.js';
import { hasSpokenKin } from '../units/domain/kin.js';
import { baseFuelOf } from '../units/domain/lineage.js';
import { nextUnit } from '../units/domain/transition.js';
import type { UnitEvent, UnitReply } from '../units/domain/unit-events.js';
import { isSettled, type Party } from '../units/domain/unit-state.js';
import type { UnitChanges } from '../units/unit-changes.js';
import { detailOf, verdictOf } from '../units/unit-entry.js';

export type Item = MessageOf<'receipts.ack'>['items'][number];
type Place = { readonly changes: UnitChanges; readonly lease: LeaseRow };
type Statement = UnitEvent & { readonly account: number };

/** A result that is news: `bundle` is what is to be stored of it, `twinId` names where its bytes are durable already. */
export type NewResult = {
  readonly is: 'result';
  readonly item: SuccessItem;
  readonly digest: string;
  readonly bundle: NewBundle | undefined;
  readonly twinId: number | null;
};
export type NewFailure = {
  readonly is: 'failure';
  readonly item: FailureItem;
  readonly kind: FailureItem['kind'];
  readonly code: ErrorCode;
};
/** What this host cannot rightly have said: it cannot be trusted with the unit. */
export type Impossible = {
  readonly is: 'impossible';
  readonly index: number;
  readonly code: ErrorCode;
  readonly message: string;
};
export type Judged = NewResult | NewFailure | Impossible | { readonly is: 'known'; readonly answer: Item };

/** What the signed part of a receipt takes beside its items, and a failure beside its texts. */
const FIXED_BYTES = 1024;
const FAILURE_BYTES = 320;
/** So much may a receipt repeat of what is known, in proportion to its news: who sends it again after a broken line has more to say by then. */
const REPEATED_FACTOR = 2;

/** Why the receipt is refused as a whole, or null. */
export function refusalOf({ successes, failures }: Receipt, { ranges }: LeaseRow): ErrorCode | null {
  const indexes = new Set<number>();
  for (const [index] of successes) indexes.add(index);
  for (const { index } of failures) indexes.add(index);
  if (indexes.size < successes.length + failures.length) return 'MH-RCP-004';
  for (const index of indexes) if (!isInRanges(ranges, index)) return 'MH-LSE-002';
  return null;
}

/** Judges every item, successes first. The units of the receipt must be those of the lease, each named once. */
export function judge(place: Place, receipt: Receipt, inline: ReadonlyMap<number, Uint8Array>): Judged[] {
  return [
    ...receipt.successes.map((item) => judgeSuccess(place, item, inline.get(item[0]))),
    ...receipt.failures.map((item) => judgeFailure(place, item)),
  ];
}

/** The most bytes that a receipt with this news may have, so that it is worth keeping. */
export function roomFor(judged: readonly Judged[]): number {
  return FIXED_BYTES + REPEATED_FACTOR * newsBytes(judged);
}

function newsBytes(judged: readonly Judged[]): number {
  let sum = 0;
  for (const item of judged) {
    if (item.is === 'result') sum += SUCCESS_BYTES;
    if (item.is === 'failure') sum += FAILURE_BYTES + textBytes(item.item);
  }
  return sum;
}

/** Bytes of the texts of a failure. */
export function textBytes({ message, stderrTail }: FailureItem): number {
  return Buffer.byteLength(message) + Buffer.byteLength(stderrTail);
}

function judgeSuccess({ changes, lease }: Place, item: SuccessItem, bundle: Uint8Array | undefined): Judged {
  const [index, digestBytes, , , fuel] = item;
  const unitId = unitIdOf(lease.batchRowId, index);
  const account = lease.accountRowId;
  const digest = hexOf(digestBytes);
  const verdict = verdictOf(digest, fuel);
  const reply = replyToKnown(changes, unitId, { type: 'succeeded', ...partyOf(lease), verdict, hasBytes: false });
  if (reply) {
    const status = isKept(changes, unitId, account) ? 'recorded' : 'settled';
    return { is: 'known', answer: toItem(index, reply, status) };
  }
  if (!isPossibleFuel(changes, unitId, { account, fuel })) return impossibleFuel(index);
  const twinId = durableTwin(changes, unitId, digest);
  if (twinId !== null || !bundle) return { is: 'result', item, digest, bundle: undefined, twinId };
  const opened = openInline(bundle, digestBytes);
  if (opened) return { is: 'result', item, digest, bundle: opened, twinId };
  const message = 'the bundle does not match the digest in its receipt';
  return { is: 'impossible', index, code: 'MH-RCP-003', message };
}

function judgeFailure({ changes, lease }: Place, item: FailureItem): Judged {
  const { index, fuel } = item;
  const unitId = unitIdOf(lease.batchRowId, index);
  const account = lease.accountRowId;
  const { kind, code } = sortOf(item, lease);
  // A replayed failure of an earlier lease says nothing about the replica that runs now.
  const isReplayed = detailOf(changes.entry(unitId), account)?.lease !== lease.id;
  if (kind !== 'unit-failure' && isReplayed) return { is: 'known', answer: [index, 'settled', 'MH-RCP-001'] };
  const reply = replyToKnown(changes, unitId, failureEvent(lease, item, { kind, code }));
  if (reply) return { is: 'known', answer: toItem(index, reply, 'settled') };
  if (kind === 'unit-failure' && !isPossibleFailure(changes, unitId, { account, code, fuel }))
    return impossibleFuel(index);
  return { is: 'failure', item, kind, code };
}

/** What a failure is to its unit. */
export function failureEvent(
  lease: LeaseRow,
  item: FailureItem,
  { kind, code }: Pick<NewFailure, 'kind' | 'code'>,
): Statement {
  const party = partyOf(lease);
  if (kind === 'needs-all') return { type: 'needs-all', account: party.account };
  if (kind === 'host-failure') return { type: 'host-failed', ...party };
  return { type: 'unit-failed', ...party, verdict: verdictOf(failureDigest(item, code), item.fuel) };
}

/** What votes compare of a failure, in hex. */
export function failureDigest({ exitCode }: FailureItem, code: ErrorCode): string {
  return Buffer.from(`${code}:${exitCode ?? ''}`).toString('hex');
}

/** As which party the host of a lease had its units. */
export function partyOf({ accountRowId, hostRowId, network }: LeaseRow): Party {
  return { account: accountRowId, host: hostRowId, network };
}

export function toItem(index: number, { status, code }: UnitReply, recorded: ReceiptStatus): Item {
  return [index, status === 'done' ? recorded : status, code];
}

/** Whether the host is to keep the bundle of what the account said. */
export function isKept(changes: UnitChanges, unitId: number, account: number): boolean {
  const entry = changes.entry(unitId);
  return !isSettled(entry.state) && (detailOf(entry, account)?.bundleId ?? null) === null;
}

/** The answer to what would change nothing; undefined to news. */
function replyToKnown(changes: UnitChanges, unitId: number, event: Statement): UnitReply | undefined {
  const { state } = changes.entry(unitId);
  const own = state.replicas.find(({ account }) => account === event.account);
  if (own?.phase === 'running' && event.type !== 'needs-all' && !hasSpokenKin(state, own)) return undefined; // who computes has not spoken: the usual case
  const next = nextUnit(state, event);
  return next.state === state ? next.reply : undefined;
}

/** What the item is taken for: only the build that has a stricter one beside it can need that. */
function sortOf({ kind, code }: FailureItem, { build }: LeaseRow): Pick<NewFailure, 'kind' | 'code'> {
  const isNeedsAll = kind === 'needs-all' || (kind === 'unit-failure' && code === 'MH-UNIT-010');
  if (isNeedsAll)
    return build === 'nonleaf'
      ? { kind: 'needs-all', code: 'MH-UNIT-010' }
      : { kind: 'host-failure', code: 'MH-HOST-005' };
  const known = isErrorCode(code) ? code : 'MH-GEN-001';
  return { kind: kind === 'unit-failure' && known.startsWith('MH-UNIT-') ? kind : 'host-failure', code: known };
}

function impossibleFuel(index: number): Impossible {
  const message = 'the fuel in the receipt is not possible for this unit';
  return { is: 'impossible', index, code: 'MH-RCP-005', message };
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
  { account, code, fuel }: { account: number; code: string; fuel: number },
): boolean {
  const { fuelMaximum = 0 } = changes.context.terms(batchOfUnit(unitId)) ?? {};
  if (code === 'MH-UNIT-008' && fuel !== fuelMaximum) return false;
  return isPossibleFuel(changes, unitId, { account, fuel });
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

function openInline(bytes: Uint8Array, digest: Uint8Array): NewBundle | undefined {
  if (bytes.length > INLINE_BUNDLE_MAXIMUM_BYTES) return undefined;
  const facts = factsOf(bytes, openBundle(bytes, digest)?.record ?? null);
  return facts && { bytes, facts };
}
