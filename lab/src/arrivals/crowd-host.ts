// One simulated host: knocks until it is in, then takes a unit at a time, renews its lease, hands in a receipt, and keeps to every time that it is told.
import { setTimeout as sleep } from 'node:timers/promises';
import type { CoordinatorId, Lease } from '@manyhands/contract';
import { HostRecords } from '../bench/host-records.js';
import type { HostPlan } from './messages.js';
import type { Notes } from './notes.js';
import { type Answer, WorkerLine } from './worker-line.js';

/** Before somebody who was refused without a time knocks again, and as much again by chance. */
const KNOCK_AGAIN_MS = 5000;
/** The lease had run out: the host is told that its result counts for nothing. */
const TOO_LATE = 'MH-RCP-002';
/** A lease is renewed so often while its unit is computed. */
const RENEWALS_PER_UNIT = 2;

export type Place = { readonly url: string; readonly coordinatorId: CoordinatorId; readonly unitMs: number };
export type Listener = {
  readonly notes: Notes;
  onLease(askedAtMs: number, tookMs: number): void;
  onAcknowledged(hostId: string, unitIndex: number): void;
  onConnected(change: 1 | -1): void;
};

export class CrowdHost {
  private readonly records: HostRecords;
  private id = 0;
  private hasReceipt = false;
  /** Its receipt is not acknowledged yet. */
  private owed: Lease | undefined;

  constructor(
    private readonly plan: HostPlan,
    private readonly place: Place,
    private readonly listener: Listener,
  ) {
    this.records = new HostRecords(place.coordinatorId);
  }

  /** Never ends by itself: its process does. */
  async run(): Promise<never> {
    const { notes } = this.listener;
    notes.hosts++;
    await sleep(Math.max(0, this.plan.comesAtMs - Date.now()));
    const cameMs = performance.now();
    for (let isFirst = true; ; isFirst = false) {
      const line = await this.join();
      if (isFirst) notes.joinMs.push(performance.now() - cameMs);
      this.listener.onConnected(1);
      await this.work(line);
      this.listener.onConnected(-1);
      line.close();
      notes.dropped++;
      await sleep(KNOCK_AGAIN_MS * (1 + Math.random()));
    }
  }

  private async join(): Promise<WorkerLine> {
    for (;;) {
      const line = new WorkerLine(this.place.url, this.plan.address);
      const answer = await this.shakeHands(line);
      if (answer.t === 'welcome') return line;
      line.close();
      await this.waitFor('handshake', answer);
    }
  }

  private async shakeHands(line: WorkerLine): Promise<Answer> {
    const challenge = await line.ask(this.records.hello());
    return challenge.t === 'challenge' ? line.ask(this.records.prove(challenge)) : challenge;
  }

  /** Until the line ends. */
  private async work(line: WorkerLine): Promise<void> {
    let holdMs = this.hasReceipt ? this.place.unitMs : this.plan.firstHoldMs;
    while (line.isOpen) {
      if (this.owed && !(await this.deliver(line, this.owed))) return;
      const lease = await this.lease(line);
      if (!lease) return;
      if (await this.compute(line, lease, holdMs)) this.owed = lease;
      holdMs = this.place.unitMs;
    }
  }

  private async lease(line: WorkerLine): Promise<Lease | undefined> {
    while (line.isOpen) {
      const askedAtMs = Date.now();
      const beganMs = performance.now();
      const answer = await line.ask({ ...this.records.request(1), id: ++this.id });
      if (answer.t === 'ended') return undefined;
      if (answer.t !== 'lease.grant') await this.waitFor('lease', answer);
      else {
        this.listener.onLease(askedAtMs, performance.now() - beganMs);
        return answer.leases[0];
      }
    }
    return undefined;
  }

  /** False when the lease was lost meanwhile. */
  private async compute(line: WorkerLine, lease: Lease, holdMs: number): Promise<boolean> {
    const stepMs = this.place.unitMs / RENEWALS_PER_UNIT;
    let isHeld = true;
    for (let leftMs = holdMs, marks = 1; leftMs > 0 && isHeld; leftMs -= stepMs, marks++) {
      await sleep(Math.min(leftMs, stepMs));
      if (leftMs <= stepMs || !line.isOpen) continue;
      const answer = await line.ask({ ...this.records.renewal(lease, marks), id: ++this.id });
      if (answer.t === 'lease.renewed') isHeld = answer.leases.length > 0;
      else if (answer.t !== 'ended') await this.waitFor('renewal', answer);
    }
    if (!isHeld) this.listener.notes.refused('renewal: lease lost');
    return isHeld;
  }

  private async deliver(line: WorkerLine, lease: Lease): Promise<boolean> {
    while (line.isOpen) {
      const receipt = this.records.receipt(lease, { elapsedMs: this.place.unitMs });
      const answer = await line.ask({ ...receipt, id: ++this.id });
      if (answer.t === 'receipts.ack') {
        this.acknowledge(answer.items);
        return true;
      }
      if (answer.t === 'ended') return false;
      await this.waitFor('receipt', answer);
    }
    return false;
  }

  private acknowledge(items: readonly (readonly [number, string, string | null])[]): void {
    const { notes, onAcknowledged } = this.listener;
    this.owed = undefined;
    for (const [index, status, code] of items)
      if (status === 'refused' || code === TOO_LATE) notes.refused(`receipt: ${code}`);
      else onAcknowledged(this.records.hostId, index);
    if (!this.hasReceipt) notes.served++;
    this.hasReceipt = true;
  }

  /** Until the time that was told; somebody who was told none waits as long as it likes. */
  private async waitFor(what: string, answer: Answer): Promise<void> {
    const { notes } = this.listener;
    const toldMs = 'retryAfterMs' in answer ? answer.retryAfterMs : null;
    if (toldMs === null)
      notes.refused(`${what}: ${'code' in answer ? answer.code : 'why' in answer ? answer.why : answer.t}`);
    else notes.told(what);
    const dueMs = performance.now() + (toldMs ?? 0);
    await sleep(toldMs === null ? KNOCK_AGAIN_MS * (1 + Math.random()) : Math.ceil(toldMs) + 1);
    if (performance.now() < dueMs) notes.early++;
  }
}
