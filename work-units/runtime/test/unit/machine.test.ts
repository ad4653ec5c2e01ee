// The machine: stopped and taken up anywhere, a unit gives the same output, fuel and chain.
import { expect, test } from 'vitest';
import { UnitMachine } from '../../src/index.js';
import { unitInput } from '../support/guest.js';
import { prepare, runMachine, runOptions } from '../support/machine.js';
import { BUSY_INPUT, busyProgram } from '../support/programs.js';

test('busy', { timeout: 60_000 }, async () => {
  const prepared = await prepare(busyProgram(200));
  for (const build of ['nonleaf', 'all'] as const) {
    const start = () => UnitMachine.start(prepared[build], unitInput(BUSY_INPUT), runOptions(build));
    const whole = runMachine(start());
    console.log(
      whole.kind,
      'code' in whole ? whole : '',
      'fuel' in whole && whole.fuel,
      'markCount' in whole && whole.markCount,
    );
    const sliced = runMachine(start(), () => 1000);
    expect(sliced).toEqual(whole);
    const moved = runMachine(
      start(),
      () => 1000,
      (machine) =>
        UnitMachine.start(prepared[build], unitInput(BUSY_INPUT), runOptions(build, { snapshot: machine.snapshot() })),
    );
    expect(moved).toEqual(whole);
  }
});
