// The awake clock under every kind of clock that a sleeping machine may have.
import { AWAKE_STEP_MS, AwakeClock } from '@manyhands/contract';
import { expect, test } from 'vitest';

const HOUR_MS = 3_600_000;

/** A machine whose clocks are read every second. */
class Machine {
  readonly #now = { monotonicMs: 5000, wallMs: 1_800_000_000_000 };
  readonly #clock = new AwakeClock({ ...this.#now });
  awakeMs = 0;
  sleptMs = 0;

  pass(monotonicMs: number, wallMs: number): void {
    this.#now.monotonicMs += monotonicMs;
    this.#now.wallMs += wallMs;
    const { awakeMs, sleptMs } = this.#clock.read({ ...this.#now });
    this.awakeMs = awakeMs;
    this.sleptMs += sleptMs;
  }

  work(seconds: number): void {
    for (let second = 0; second < seconds; second++) this.pass(AWAKE_STEP_MS, AWAKE_STEP_MS);
  }
}

test('time awake is counted whole, and is no sleep', () => {
  const machine = new Machine();
  machine.work(100);
  for (let read = 0; read < 1000; read++) machine.pass(0.25, 0.25);
  expect(machine).toMatchObject({ awakeMs: 100_250, sleptMs: 0 });
});

test('a busy machine that comes late has not slept', () => {
  const machine = new Machine();
  machine.pass(4000, 4000);
  expect(machine).toMatchObject({ awakeMs: 4000, sleptMs: 0 });
});

test.for([
  ['Linux suspends: the monotonic clock stands still', 0, HOUR_MS],
  ['Windows sleeps, a virtual machine is frozen, a process stopped: both clocks jump', HOUR_MS, HOUR_MS],
  ['a clock of the day that was frozen too', HOUR_MS, 0],
] as const)('%s', ([, monotonicMs, wallMs]) => {
  const machine = new Machine();
  for (let nap = 0; nap < 3; nap++) {
    machine.work(10);
    machine.pass(monotonicMs, wallMs);
  }
  machine.work(10);
  expect(machine.awakeMs).toBeGreaterThanOrEqual(40_000);
  expect(machine.awakeMs).toBeLessThanOrEqual(43_000);
  expect(machine.sleptMs).toBeGreaterThan(3 * HOUR_MS - 10_000);
});

test('a clock that is set changes no time awake; set back it is no sleep', () => {
  const machine = new Machine();
  machine.pass(1000, -1000 * HOUR_MS);
  expect(machine).toMatchObject({ awakeMs: 1000, sleptMs: 0 });
  machine.pass(1000, 1000 * HOUR_MS);
  expect(machine.awakeMs).toBe(2000);
});
