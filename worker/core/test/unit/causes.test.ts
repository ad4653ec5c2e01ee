// Every way to be offline that the core itself knows of: its code and its sentence, whole and in words of ours.
import { describe as describeCore } from '@manyhands/worker-core';
import { expect, test } from 'vitest';
import { Core, challengeFor, NONCE, OPTIONS, welcome } from '../support/core.js';

function greeting(): Core {
  const core = new Core();
  core.event({ on: 'started', leases: [], results: [] });
  core.event({ on: 'opened', connection: 1, nonce: NONCE });
  return core;
}

const refused = (code: string, retryAfterMs: number | null = 5000): Core => {
  const core = greeting();
  core.message({ t: 'refuse', code, message: 'what the coordinator wrote', retryAfterMs });
  return core;
};

function stalled(...events: ((core: Core) => void)[]): Core {
  const core = new Core();
  core.event({ on: 'started', leases: [], results: [] });
  for (const event of events) event(core);
  core.after(15_000).event({ on: 'woke' });
  return core;
}

const open = (core: Core) => core.event({ on: 'opened', connection: 1, nonce: NONCE });

test.for<[string, () => Core, string, RegExp]>([
  ['nobody answers the dial', () => stalled(), 'MH-GEN-004', /^Can't reach the coordinator: no answer came in time\.$/],
  ['no challenge comes', () => stalled(open), 'MH-GEN-004', /does not greet in time/],
  [
    'no welcome comes',
    () => stalled(open, (core) => core.message(challengeFor(NONCE))),
    'MH-GEN-004',
    /^The coordinator did not finish the handshake in time\.$/,
  ],
  [
    'an answer to another greeting',
    () => {
      const core = greeting();
      core.message(challengeFor(new Uint8Array(16)));
      return core;
    },
    'MH-SIG-006',
    /cannot prove that it is the coordinator/,
  ],
  [
    'a challenge that is none',
    () => {
      const core = greeting();
      core.message({ t: 'challenge', coordinatorId: OPTIONS.coordinatorId, envelope: new Uint8Array(10) });
      return core;
    },
    'MH-SIG-002',
    /cannot prove that it is the coordinator/,
  ],
  [
    'another order than agreed',
    () => {
      const core = greeting();
      core.message(welcome);
      return core;
    },
    'MH-WIR-003',
    /^The coordinator broke the order of the handshake\.$/,
  ],
  ['full', () => refused('MH-WIR-004'), 'MH-WIR-004', /^The coordinator is full, busy or about to stop/],
  ['about to stop', () => refused('MH-WIR-007'), 'MH-WIR-007', /stopped/],
  ['too many from this network', () => refused('MH-GEN-012'), 'MH-GEN-012', /from this network/],
  ['too slow a handshake', () => refused('MH-GEN-004'), 'MH-GEN-004', /did not wait any longer/],
  ['pushed off', () => refused('MH-WIR-005', null), 'MH-WIR-005', /took the place .* `manyhands worker new-host`/],
  ['a copied folder', () => refused('MH-WIR-006'), 'MH-WIR-006', /copied.*`manyhands worker new-host`.*account/],
  ['a proof that it does not take', () => refused('MH-SIG-001', null), 'MH-SIG-001', /^The coordinator refuses/],
  ['a fault of the coordinator', () => refused('MH-GEN-001', null), 'MH-GEN-001', /^The coordinator refuses/],
  ['a reason of the future', () => refused('MH-NEW-999', null), 'MH-NEW-999', /does not know/],
  [
    'cut, nobody knows why',
    () => {
      const core = Core.online();
      core.event({ on: 'closed', connection: 1 });
      return core;
    },
    'MH-GEN-005',
    /^The connection to the coordinator was cut\.$/,
  ],
  [
    'three requests without an answer',
    () => {
      const core = Core.online();
      while (core.state.connection.phase === 'online') core.wait(1000);
      return core;
    },
    'MH-GEN-004',
    /^The coordinator stopped answering\.$/,
  ],
])('%s', ([, make, code, sentence]) => {
  const core = make();
  const status = describeCore(core.state, core.nowMs);
  expect(status).toMatchObject({ state: 'offline', code, trouble: { code } });
  expect(status.trouble?.message).toMatch(sentence);
  expect(status.trouble?.message).not.toContain('what the coordinator wrote');
  expect(status.line.startsWith(`${status.trouble?.message} Offline for `), status.line).toBe(true);
  const isUnreachable = status.line.includes("Can't reach");
  expect(isUnreachable, 'said only when it cannot be reached').toBe(sentence.source.includes("Can't reach"));
});

const PUSHED_OFF = { t: 'refuse', code: 'MH-WIR-005', message: '', retryAfterMs: null } as const;

test('pushed off in turns: the second time within a while it is a copied folder, later it is chance again', () => {
  const core = Core.online();
  const pushedOff = () => {
    core.message(PUSHED_OFF);
    const { trouble } = describeCore(core.state, core.nowMs);
    while (core.state.connection.phase === 'offline') core.wait(10_000);
    core.connect();
    return trouble?.code;
  };
  expect(pushedOff()).toBe('MH-WIR-005');
  expect(pushedOff()).toBe('MH-WIR-006');
  expect(pushedOff()).toBe('MH-WIR-006');
  core.wait(16 * 60_000);
  expect(pushedOff()).toBe('MH-WIR-005');
});

test('told of a twin while connected, it works on, says so once in the log, and as long as it is told in the status', () => {
  const core = Core.online();
  const told = { t: 'error', id: null, code: 'MH-WIR-006', message: '', retryAfterMs: null } as const;
  core.message(told);
  expect(core.did('warn')).toMatchObject([{ trouble: { code: 'MH-WIR-006' } }]);
  const status = () => describeCore(core.state, core.nowMs);
  expect(status()).toMatchObject({ state: 'waiting', trouble: { code: 'MH-WIR-006' } });
  expect(status().trouble?.message).toMatch(/copy of this data folder.*`manyhands worker new-host`/);
  core.after(60_000).message(told);
  expect(core.did('warn')).toEqual([]);
  core.after(5 * 60_000 + 1);
  expect(status().trouble).toBeNull();
  core.message(told);
  expect(core.did('warn')).toHaveLength(1);
});
