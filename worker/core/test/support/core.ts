// A core under test: a virtual clock, a coordinator's key, and shorthands for events.
import {
  coordinatorIdOf,
  type ErrorCode,
  hostIdOf,
  keyPairOfSeed,
  type Lease,
  leaseIdOf,
  type MessageToWorker,
  rawCidOf,
  seal,
  utf8Bytes,
} from '@manyhands/contract';
import {
  type CoreOptions,
  initialState,
  nextWakeMs,
  step,
  type UnitEnding,
  type UnitRef,
  type WorkerEffect,
  type WorkerEvent,
  type WorkerState,
} from '@manyhands/worker-core';

const coordinatorKey = keyPairOfSeed(new Uint8Array(32).fill(1));
const coordinatorId = coordinatorIdOf(coordinatorKey.publicKey);
export const hostKey = keyPairOfSeed(new Uint8Array(32).fill(2));
const hash = 'a'.repeat(52);

export const OPTIONS: CoreOptions = {
  coordinatorId,
  hostId: hostIdOf(hostKey.publicKey),
  hostKey: hostKey.publicKey,
  clientVersion: 'test',
  instance: new Uint8Array(16).fill(3),
  cores: 2,
  memoryBytes: 1000,
  projectIds: null,
  isOnce: false,
};

export const leaseId = (number: number): Lease['leaseId'] => leaseIdOf(utf8Bytes(String(number).padStart(16, '0')));

export function leaseOf(number: number, ranges: [number, number][], durationMs = 30_000): Lease {
  return {
    leaseId: leaseId(number),
    durationMs,
    manifestCid: rawCidOf(utf8Bytes('manifest')),
    projectId: `proj_${hash}` as Lease['projectId'],
    batchId: `batch_${hash}` as Lease['batchId'],
    appVersionId: `app_${hash}` as Lease['appVersionId'],
    ranges,
    build: 'nonleaf',
    checkpoint: null,
  };
}

export const welcome = {
  t: 'welcome',
  hostId: OPTIONS.hostId,
  accountId: `acct_${hash}`,
  pseudonym: 'calm-otter-1',
  accountLabel: null,
  protocol: 1,
  features: [],
  gatewayUrl: 'http://127.0.0.1:1',
  overlay: null,
} as unknown as MessageToWorker;

type Change = { signer?: typeof coordinatorKey; claimed?: typeof coordinatorId; nonce?: Uint8Array; protocol?: number };

/** The challenge of a coordinator, right unless changed. */
export function challengeFor(nonce: Uint8Array, change: Change = {}): MessageToWorker {
  const claimed = change.claimed ?? coordinatorId;
  const payload = {
    version: 1,
    workerNonce: change.nonce ?? nonce,
    coordinatorNonce: new Uint8Array(16).fill(9),
    protocol: change.protocol ?? 1,
  };
  const envelope = seal(
    payload,
    { type: 'challenge', coordinatorId: claimed },
    change.signer ?? coordinatorKey,
  ).slice();
  return { t: 'challenge', coordinatorId: claimed, envelope };
}

export const NONCE = new Uint8Array(16).fill(7);

export class Core {
  state: WorkerState;
  nowMs = 1000;
  random = 0.5;
  /** Effects of the last step. */
  effects: readonly WorkerEffect[] = [];

  constructor(options: Partial<CoreOptions> = {}) {
    this.state = initialState({ ...OPTIONS, ...options });
  }

  /** A core that is online and has asked for work. */
  static online(options: Partial<CoreOptions> = {}): Core {
    const core = new Core(options);
    core.event({ on: 'started', leases: [], results: [] });
    core.connect();
    return core;
  }

  connect(): void {
    const connection = this.state.connectionNumber;
    this.event({ on: 'opened', connection, nonce: NONCE });
    this.message(challengeFor(NONCE));
    this.message(welcome);
  }

  event(event: WorkerEvent): readonly WorkerEffect[] {
    const { state, effects } = step(this.state, event, { nowMs: this.nowMs, random: this.random });
    this.state = state;
    this.effects = effects;
    return effects;
  }

  message(message: MessageToWorker): readonly WorkerEffect[] {
    return this.event({ on: 'message', connection: this.state.connectionNumber, message });
  }

  /** Moves the clock without a wake. */
  after(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  /** Moves the clock, waking the core whenever it asks; gives all effects on the way. */
  wait(ms: number): WorkerEffect[] {
    const endMs = this.nowMs + ms;
    const all: WorkerEffect[] = [];
    for (let steps = 0; nextWakeMs(this.state) <= endMs; steps++) {
      if (steps > 10_000) throw new Error('the core spins');
      this.nowMs = Math.max(this.nowMs, nextWakeMs(this.state));
      all.push(...this.event({ on: 'woke' }));
    }
    this.nowMs = endMs;
    return all;
  }

  /** The frames of the last step. */
  sent(effects: readonly WorkerEffect[] = this.effects) {
    return effects.flatMap((effect) => (effect.do === 'send' ? [effect.message] : []));
  }

  sentTypes(effects: readonly WorkerEffect[] = this.effects): string[] {
    return this.sent(effects).map(({ t }) => t);
  }

  did<Kind extends WorkerEffect['do']>(kind: Kind, effects: readonly WorkerEffect[] = this.effects) {
    return effects.filter((effect): effect is Extract<WorkerEffect, { do: Kind }> => effect.do === kind);
  }

  /** Answers the outstanding request for work with leases. */
  grant(...leases: Lease[]): readonly WorkerEffect[] {
    return this.message({ t: 'lease.grant', id: this.pendingId('request'), leases });
  }

  later(openUnitCount: number, code: ErrorCode = 'MH-LTR-001', retryAfterMs = 20_000): readonly WorkerEffect[] {
    const id = this.pendingId('request');
    return this.message({ t: 'lease.later', id, code, message: '', retryAfterMs, openUnitCount });
  }

  pendingId(kind: string): number {
    for (const [id, pending] of this.state.pending) if (pending.kind === kind) return id;
    throw new Error(`no ${kind} is unanswered`);
  }

  prepared(unit: UnitRef, memoryBytes = 100): readonly WorkerEffect[] {
    return this.event({ on: 'prepared', unit, needs: { memoryBytes, inputBytes: 1000, timeoutMs: 60_000 } });
  }

  succeeded(unit: UnitRef, bundleBytes = 100, elapsedMs = 500): readonly WorkerEffect[] {
    return this.event({ on: 'ended', unit, ending: success(bundleBytes, elapsedMs) });
  }

  acknowledge(leaseId: Lease['leaseId'], items: [number, 'recorded' | 'settled' | 'refused', string | null][]) {
    return this.message({ t: 'receipts.ack', id: this.pendingId('receipts'), leaseId, items });
  }
}

export function success(bundleBytes = 100, elapsedMs = 500): UnitEnding {
  const proof = { fuel: 1000, markCount: 1, chainRoot: new Uint8Array(32) };
  return { kind: 'success', digest: new Uint8Array(32), bundleBytes, elapsedMs, ...proof };
}

export const LARGE_BYTES = 100_000;
