// The handshake: only the pinned coordinator, over this connection's nonce; every other answer is waited out or ends the worker with its code.
import { coordinatorIdOf, keyPairOfSeed, type MessageToWorker } from '@manyhands/contract';
import { describe, expect, test } from 'vitest';
import { Core, challengeFor, hostKey, NONCE, OPTIONS, welcome } from '../support/core.js';

const otherKey = keyPairOfSeed(new Uint8Array(32).fill(5));
const otherId = coordinatorIdOf(otherKey.publicKey);
const refuse = (code: string, retryAfterMs: number | null = null): MessageToWorker => ({
  t: 'refuse',
  code,
  message: 'no',
  retryAfterMs,
});

function greeting(): Core {
  const core = new Core();
  core.event({ on: 'started', leases: [], results: [] });
  core.event({ on: 'opened', connection: 1, nonce: NONCE });
  return core;
}

test('dials, greets, proves and is online', () => {
  const core = new Core();
  expect(core.event({ on: 'started', leases: [], results: [] })).toEqual([{ do: 'dial', connection: 1 }]);
  expect(core.event({ on: 'opened', connection: 1, nonce: NONCE })).toMatchObject([
    {
      do: 'send',
      message: { t: 'hello', protocolMinimum: 1, protocolMaximum: 1, hostKey: hostKey.publicKey, nonce: NONCE },
    },
  ]);
  expect(core.message(challengeFor(NONCE))).toEqual([
    { do: 'prove', coordinatorNonce: new Uint8Array(16).fill(9), isFirst: true },
  ]);
  core.message(welcome);
  expect(core.did('online')).toHaveLength(1);
  expect(core.sentTypes()).toContain('lease.request');
  expect(core.state.identity?.pseudonym).toBe('calm-otter-1');
});

test('the account binding is proved once, then kept', () => {
  const core = Core.online();
  core.event({ on: 'closed', connection: 1 });
  core.wait(1000);
  core.event({ on: 'opened', connection: 2, nonce: NONCE });
  expect(core.message(challengeFor(NONCE))).toMatchObject([{ do: 'prove', isFirst: false }]);
});

test('another coordinator behind the address ends the worker', () => {
  const core = greeting();
  core.message(challengeFor(NONCE, { signer: otherKey, claimed: otherId }));
  expect(core.did('end')).toMatchObject([{ ending: { code: 'MH-SIG-007', isFinished: false } }]);
});

describe.for([
  ['a key that is not the one claimed', { signer: otherKey }, 'MH-SIG-004'],
  ['another coordinator claimed with our key', { claimed: otherId }, 'MH-SIG-004'],
  ['a replayed challenge', { nonce: new Uint8Array(16) }, 'MH-SIG-006'],
  ['a protocol version we do not speak', { protocol: 2 }, 'MH-WIR-002'],
] as const)('%s', ([, change, code]) => {
  test('is hung up on, and tried again later', () => {
    const core = greeting();
    core.message(challengeFor(NONCE, change));
    expect(core.did('hang-up')).toHaveLength(1);
    expect(core.did('prove')).toEqual([]);
    expect(core.state.lastTrouble?.code).toBe(code);
    expect(core.did('dial', core.wait(1000))).toHaveLength(1);
  });
});

test('a challenge that is not even an envelope', () => {
  const core = greeting();
  core.message({ t: 'challenge', coordinatorId: OPTIONS.coordinatorId, envelope: new Uint8Array(10) });
  expect(core.state.connection.phase).toBe('offline');
});

test.for([
  [refuse('MH-WIR-002'), 'MH-WIR-002'],
  [refuse('MH-HST-001'), 'MH-HST-001'],
  [refuse('MH-ACC-001'), 'MH-ACC-001'],
] as const)('a refusal that only people can undo ends the worker: %j', ([message, code]) => {
  const core = greeting();
  core.message(message);
  expect(core.did('end')).toMatchObject([{ ending: { code } }]);
});

test.for([
  [refuse('MH-WIR-004', 30_000), 30_000],
  [refuse('MH-WIR-005'), 60_000],
  [refuse('MH-NEW-999'), 500],
  [refuse('MH-GEN-001'), 500],
] as const)('any other refusal is waited out: %j', ([message, leastMs]) => {
  const core = greeting();
  core.message(message);
  expect(core.did('end')).toEqual([]);
  expect(core.did('dial', core.wait(leastMs - 1))).toEqual([]);
  expect(core.did('dial', core.wait(1000))).toHaveLength(1);
});

test('messages out of order, and a welcome for another host, are hung up on', () => {
  for (const message of [welcome, { t: 'work' } as const, { t: 'ack', id: 0 } as const]) {
    const core = greeting();
    core.message(message);
    expect(core.state.connection.phase, message.t).toBe('offline');
  }
  const core = greeting();
  core.message(challengeFor(NONCE));
  core.message({ ...welcome, hostId: `host_${'b'.repeat(52)}` } as MessageToWorker);
  expect(core.state.connection.phase).toBe('offline');
});

test('a handshake that stalls is given up', () => {
  const core = greeting();
  const effects = core.wait(16_000);
  expect(core.did('hang-up', effects)).toHaveLength(1);
  expect(core.did('dial', effects)).toHaveLength(1);
});

test('the back-off grows, has a ceiling, and starts anew after a welcome', () => {
  const core = new Core();
  core.random = 1;
  core.event({ on: 'started', leases: [], results: [] });
  const delays: number[] = [];
  for (let count = 0; count < 20; count++) {
    const before = core.nowMs;
    core.event({ on: 'closed', connection: core.state.connectionNumber });
    while (core.state.connection.phase === 'offline') core.wait(100);
    delays.push(core.nowMs - before);
  }
  expect(delays.slice(0, 5)).toEqual([1000, 2000, 4000, 8000, 10_000]);
  expect(delays.at(-1)).toBe(60_000);
  core.connect();
  expect(core.state.failureCount).toBe(0);
});

test('events of an older connection are ignored', () => {
  const core = Core.online();
  core.event({ on: 'closed', connection: 0 });
  core.event({ on: 'message', connection: 0, message: refuse('MH-HST-001') });
  expect(core.state.connection.phase).toBe('online');
});
