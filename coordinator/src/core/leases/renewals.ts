// Renewing leases: on signed progress, and never beyond what the units of a lease can need.
import {
  type ErrorCode,
  type HostId,
  type LeaseId,
  type LeaseProgress,
  type MessageOf,
  open,
  progressSchema,
} from '@manyhands/contract';
import type { LeaseRow } from '../../storage/sqlite/leases.js';
import { countOf } from '../domain/ranges.js';
import type { ActiveBatch } from '../ports/batch-directory.js';
import type { CoreStore } from '../ports/core-store.js';
import type { CoreOptions } from '../ports/options.js';
import { paceOf, samplesOf } from '../units/domain/pace.js';
import { longestLeaseMs } from './domain/sizing.js';

export type Renewer = { readonly hostRowId: number; readonly hostId: HostId; readonly publicKey: Uint8Array };
type Renewed = { leaseId: LeaseId; durationMs: number };
export type RenewalAnswer = { ok: true; leases: Renewed[] } | { ok: false; code: ErrorCode; reason: string };
/** By lease. Null: a worker of the version before, which tells nothing. */
type Told = ReadonlyMap<LeaseId, LeaseProgress> | null;

export class Renewals {
  constructor(
    private readonly store: CoreStore,
    private readonly options: CoreOptions,
    private readonly batches: () => readonly ActiveBatch[],
  ) {}

  /** Names those leases that are open and the host's, with the time that is left of each: renewed where it has come further. The others have ended. */
  async renew(
    renewer: Renewer,
    { leaseIds, progress }: Pick<MessageOf<'lease.renew'>, 'leaseIds' | 'progress'>,
  ): Promise<RenewalAnswer> {
    const read = progress ? this.read(renewer, progress) : { ok: true as const, told: null };
    if (!read.ok) return read;
    const nowMs = this.options.nowMs();
    return this.store.database.write(() => {
      const leases: Renewed[] = [];
      for (const leaseId of leaseIds) {
        const lease = this.store.leases.byLeaseId(leaseId);
        if (!lease || lease.hostRowId !== renewer.hostRowId || lease.openUnits === 0) continue;
        const deadlineMs = this.extend(lease, read.told, nowMs);
        if (deadlineMs > nowMs) leases.push({ leaseId, durationMs: deadlineMs - nowMs });
      }
      return { ok: true, leases };
    });
  }

  private read(
    { hostId, publicKey }: Renewer,
    envelope: Uint8Array,
  ): { ok: true; told: Told } | Exclude<RenewalAnswer, { ok: true }> {
    const context = { type: 'progress', coordinatorId: this.options.coordinatorId } as const;
    const opened = open(envelope, context, { schema: progressSchema, publicKey });
    if (!opened.ok) return opened;
    if (opened.value.hostId !== hostId)
      return { ok: false, code: 'MH-SIG-004', reason: 'the progress names another host' };
    return { ok: true, told: new Map(opened.value.leases.map((told) => [told[0], told])) };
  }

  /** Returns the deadline. */
  private extend(lease: LeaseRow, told: Told, nowMs: number): number {
    const [, fetchedBytes, fuel, markCount] = told?.get(lease.leaseId) ?? [lease.leaseId, 0, 0, 0];
    const progress = Math.min(Number.MAX_SAFE_INTEGER, fetchedBytes + fuel + markCount);
    // After a restart a worker counts anew: other than before is further, as far as anybody can tell.
    if (told && (progress === 0 || progress === lease.progress)) return lease.deadlineMs;
    const lastMs = lease.grantedMs + lease.awayMs + this.longestMs(lease, fuel);
    const deadlineMs = Math.max(lease.deadlineMs, Math.min(nowMs + lease.durationMs, lastMs));
    if (deadlineMs > nowMs) this.store.leases.renew(lease.id, { deadlineMs, progress });
    return deadlineMs;
  }

  private longestMs({ batchRowId, ranges, durationMs }: LeaseRow, fuel: number): number {
    const batch = this.batches().find((active) => active.batchRowId === batchRowId);
    const work = this.store.units.batch(batchRowId);
    if (!batch || !work) return durationMs;
    const pace = paceOf(samplesOf(work.pace), batch.expectedDurationMs);
    return longestLeaseMs({ units: countOf(ranges), fuel }, pace, this.options.leaseMinimumMs);
  }
}
