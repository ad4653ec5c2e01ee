// Hand-overs: a host's signed statement of how far it came, recorded together with the checkpoint that it sent before.
import { type ErrorCode, equalBytes, type HandOver, handOverSchema, type MessageOf, open } from '@manyhands/contract';
import { Inject, Injectable } from '@nestjs/common';
import type { LeaseRow } from '../../storage/sqlite/leases.js';
import { unitIdOf } from '../../storage/sqlite/units.js';
import { isInRanges } from '../domain/ranges.js';
import { CoreStore } from '../ports/core-store.js';
import { CORE_OPTIONS, type CoreOptions } from '../ports/options.js';
import { baseFuelOf } from '../units/domain/lineage.js';
import type { UnitChanges } from '../units/unit-changes.js';
import { detailOf } from '../units/unit-entry.js';
import { UnitWriter } from '../units/unit-writer.js';
import type { ReceiptSender } from '../validation/receipts.service.js';

export type HandOverAnswer = { ok: true } | { ok: false; code: ErrorCode; reason: string };
type Message = Pick<MessageOf<'hand.over'>, 'envelope' | 'key' | 'isFinal'>;

@Injectable()
export class HandOversService {
  constructor(
    private readonly store: CoreStore,
    private readonly writer: UnitWriter,
    @Inject(CORE_OPTIONS) private readonly options: CoreOptions,
  ) {}

  /** Records a hand-over; resolves once it is durable. Repeating it changes nothing, except that it may become the final one. */
  async record(sender: ReceiptSender, message: Message): Promise<HandOverAnswer> {
    const context = { type: 'hand-over', coordinatorId: this.options.coordinatorId } as const;
    const opened = open(message.envelope, context, { schema: handOverSchema, publicKey: sender.publicKey });
    if (!opened.ok) return opened;
    const said = opened.value;
    if (said.hostId !== sender.hostId) return refuse('MH-SIG-004', 'the hand-over names another host');
    return this.writer.change((changes) => {
      const lease = this.store.leases.byLeaseId(said.leaseId);
      if (!lease || lease.hostRowId !== sender.hostRowId) return refuse('MH-LSE-001', 'no such lease of this host');
      if (!isInRanges(lease.ranges, said.index)) return refuse('MH-LSE-002', 'the unit is not part of the lease');
      return this.keep(changes, { lease, said, message });
    });
  }

  private keep(
    changes: UnitChanges,
    { lease, said, message }: { lease: LeaseRow; said: HandOver; message: Message },
  ): HandOverAnswer {
    const unitId = unitIdOf(lease.batchRowId, said.index);
    const entry = changes.entry(unitId);
    const account = lease.accountRowId;
    const own = entry.state.replicas.find((replica) => replica.account === account);
    const isKnown = this.store.checkpoints.isSigned(unitId, message.envelope);
    if (isKnown && (own?.phase !== 'running' || !message.isFinal)) return { ok: true };
    if (own?.phase !== 'running' || detailOf(entry, account)?.lease !== lease.id)
      return refuse('MH-LSE-002', 'the unit does not run under this lease any more');
    const wrong = contradictionOf(changes, { lease, said, baseFuel: baseFuelOf(entry.state, own) });
    if (wrong) return wrong;
    const lineage = own.lineage ?? lease.id;
    const stored = isKnown
      ? this.store.checkpoints.signed(unitId, lineage)
      : this.store.checkpoints.stored({ unitId, leaseRowId: lease.id });
    if (!stored || stored.sizeBytes !== said.checkpointSizeBytes || !equalBytes(stored.digest, said.checkpointDigest))
      return refuse('MH-CKP-005', 'the bytes that were sent are others');
    const { fuel, fromFuel } = said;
    const type = message.isFinal ? 'handed-over' : 'checkpointed';
    const reply = changes.apply(unitId, { type, account, fuel, lineage });
    if (reply.status !== 'done') return refuse(reply.code, 'the unit cannot be handed over now');
    const { envelope, key } = message;
    this.store.checkpoints.setSigned({ id: stored.id, unitId, lineage, fromFuel, fuel, envelope, key });
    const replaced = this.store.checkpoints.removeOfLineage(unitId, lineage, stored.id);
    changes.aftermath.droppedCheckpoints.push(...replaced);
    return { ok: true };
  }
}

/** What the statement says of the unit must be what its lease says. */
function contradictionOf(
  changes: UnitChanges,
  { lease, said, baseFuel }: { lease: LeaseRow; said: HandOver; baseFuel: number },
): HandOverAnswer | undefined {
  const terms = changes.context.terms(lease.batchRowId);
  if (!terms || terms.manifestCid !== said.manifestCid || terms.appVersionId !== said.appVersionId)
    return refuse('MH-CKP-002', 'the hand-over names another unit or app version');
  if (lease.build !== said.build) return refuse('MH-CKP-002', 'the hand-over names another build than its lease');
  if (said.fromFuel !== baseFuel || said.fuel > terms.fuelMaximum)
    return refuse('MH-CKP-003', 'the fuel does not join what was handed over before');
  return undefined;
}

function refuse(code: ErrorCode, reason: string): HandOverAnswer {
  return { ok: false, code, reason };
}
