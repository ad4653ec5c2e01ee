// A world around the core for property tests: carries out effects like the driver, keeps the journal, and checks the invariants after each step.
import { encodeMessage, leaseSchema, MESSAGES, type MessageToCoordinator } from '@manyhands/contract';
import { nextWakeMs, type UnitRef, unitKey, type WorkerEffect, type WorkerEvent } from '@manyhands/worker-core';
import { expect } from 'vitest';
import { Core, OPTIONS } from './core.js';

type Entry = { state: 'open' | 'computed' | 'kept'; reportable: boolean };

export class World {
  readonly core: Core;
  /** The journal as the effects write it. */
  readonly journal = new Map<string, Entry>();
  readonly running = new Map<string, UnitRef>();
  readonly preparing = new Map<string, UnitRef>();
  readonly uploading = new Map<string, UnitRef>();
  /** Checkpoints on their way to the coordinator. */
  readonly handingOver = new Map<string, { unit: UnitRef; isFinal: boolean }>();
  readonly memoryBytes = new Map<string, number>();
  /** Requests without an answer on this connection, newest last. */
  readonly asked: MessageToCoordinator[] = [];
  readonly reported: { requestId: number; leaseId: UnitRef['leaseId']; indexes: readonly number[] }[] = [];
  /** What the coordinator has said about results: only these may be deleted. */
  readonly released = new Set<string>();
  isWelcome = false;
  computedCount = 0;

  constructor(isOnce: boolean) {
    this.core = new Core({ isOnce });
    this.do({ on: 'started', leases: [], results: [] });
  }

  do(event: WorkerEvent): void {
    const before = this.core.state;
    this.core.event(event);
    for (const effect of this.core.effects) this.carryOut(effect);
    if (before.ended) expect(this.core.effects, 'W6: nothing after the end').toEqual([]);
    this.check();
  }

  private carryOut(effect: WorkerEffect): void {
    switch (effect.do) {
      case 'hang-up':
      case 'offline':
        this.isWelcome = false;
        this.asked.length = 0;
        this.reported.length = 0;
        break;
      case 'online':
        this.isWelcome = true;
        break;
      case 'send':
        this.checkMessage(effect.message);
        break;
      case 'record-lease':
        for (const [first, count] of leaseSchema.parse(effect.lease).ranges)
          for (let index = first; index < first + count; index++) {
            const key = unitKey({ leaseId: effect.lease.leaseId, index });
            if (!this.journal.has(key)) this.journal.set(key, { state: 'open', reportable: true });
          }
        break;
      case 'drop-units':
        for (const index of effect.indexes) {
          const key = unitKey({ leaseId: effect.leaseId, index });
          expect(this.journal.get(key)?.state ?? 'open', 'W1: only open units are dropped').toBe('open');
          this.journal.delete(key);
        }
        break;
      case 'copy-result':
        expect(this.journal.get(unitKey(effect.from))?.state, 'W2: what is stated again was computed').toMatch(
          /computed|kept/,
        );
        expect(this.journal.get(unitKey(effect.to))?.state, 'W9: a lease before its results').toBe('open');
        this.journal.set(unitKey(effect.to), { state: 'computed', reportable: true });
        break;
      case 'record-failure':
        expect(this.journal.get(unitKey(effect.unit))?.state, 'W9').toMatch(/open|computed/);
        this.journal.set(unitKey(effect.unit), { state: 'computed', reportable: true });
        break;
      case 'report':
        this.checkReport(effect);
        break;
      case 'keep-result':
        this.journal.set(unitKey(effect.unit), { state: 'kept', reportable: false });
        break;
      case 'delete-result':
        this.checkDeletion(effect.unit);
        break;
      case 'prepare':
        this.checkStart(effect.unit);
        this.preparing.set(unitKey(effect.unit), effect.unit);
        break;
      case 'release':
        this.preparing.delete(unitKey(effect.unit));
        break;
      case 'run':
        this.checkStart(effect.unit);
        this.running.set(unitKey(effect.unit), effect.unit);
        break;
      case 'hand-over':
        this.handingOver.set(unitKey(effect.unit), effect);
        break;
      case 'upload':
        this.uploading.set(unitKey(effect.unit), effect.unit);
        break;
    }
  }

  private checkMessage(message: MessageToCoordinator): void {
    if (message.t === 'hello') return;
    expect(this.isWelcome, `W4: ${message.t} before the welcome`).toBe(true);
    expect(encodeMessage(message).length, 'W5').toBeLessThanOrEqual(MESSAGES[message.t].maximumBytes);
    expect(MESSAGES[message.t].schema.safeParse(message).success, `W5: ${message.t}`).toBe(true);
    const isQuiet = this.core.state.pauses.size > 0 || this.core.state.leaving !== null;
    if (isQuiet) expect(['lease.request', 'lease.renew'], 'W6').not.toContain(message.t);
    if ('id' in message) this.asked.push(message);
  }

  private checkReport(effect: Extract<WorkerEffect, { do: 'report' }>): void {
    expect(this.isWelcome, 'W4').toBe(true);
    expect(effect.indexes.length, 'W5').toBeLessThanOrEqual(64);
    for (const index of effect.indexes)
      expect(this.journal.get(unitKey({ leaseId: effect.leaseId, index }))?.state, 'W9: journalled before sent').toBe(
        'computed',
      );
    this.reported.push(effect);
  }

  private checkDeletion(unit: UnitRef): void {
    const key = unitKey(unit);
    if (this.journal.get(key)?.state !== 'open') {
      if (this.journal.has(key)) expect(this.released.has(key), `W1: ${key} deleted without leave`).toBe(true);
      this.journal.delete(key);
    }
  }

  private checkStart(unit: UnitRef): void {
    const { pauses, leaving } = this.core.state;
    expect(pauses.size === 0 && leaving === null, 'W6').toBe(true);
    expect(this.journal.get(unitKey(unit))?.state, 'W2: only open units run').toBe('open');
  }

  private check(): void {
    const { units, results, pending, ended } = this.core.state;
    const busy = [...units.values()].filter(({ phase }) => phase === 'running' || phase === 'stopping');
    expect(busy.length, 'W3').toBeLessThanOrEqual(256);
    const sizes = busy.map(({ needs }) => needs?.memoryBytes ?? 0).sort((left, right) => right - left);
    const usedBytes = sizes.slice(0, OPTIONS.cores).reduce((sum, size) => sum + size, 0);
    if (busy.length > 1) expect(usedBytes, 'W3').toBeLessThanOrEqual(OPTIONS.memoryBytes);
    for (const key of units.keys()) expect(results.has(key), 'W2').toBe(false);
    const kinds = [...pending.values()].map(({ kind }) => kind);
    for (const kind of ['request', 'custody', 'leave'])
      expect(kinds.filter((one) => one === kind).length, `W8: ${kind}`).toBeLessThanOrEqual(1);
    for (const [key, { state }] of this.journal)
      if (state !== 'open' && !ended) expect(results.has(key), `W1: ${key} is forgotten`).toBe(true);
  }

  /** Lets the time pass, waking the core as it asks. */
  wait(ms: number): void {
    const endMs = this.core.nowMs + ms;
    for (let steps = 0; nextWakeMs(this.core.state) <= endMs; steps++) {
      expect(steps, 'W7: the core spins').toBeLessThan(2000);
      this.core.nowMs = Math.max(this.core.nowMs, nextWakeMs(this.core.state));
      this.do({ on: 'woke' });
    }
    this.core.nowMs = endMs;
  }
}
