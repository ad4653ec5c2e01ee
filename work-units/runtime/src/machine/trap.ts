// What a run's end means once the counters of the instance have been read: instrumented code traps on purpose too.
import type { Build } from '@manyhands/contract';
import type { Ending } from '../ending.js';
import type { Guest } from '../guest/guest.js';
import { type Meter, outOfFuel } from '../host/meter.js';

const TOO_DEEP =
  'the program called functions inside one another deeper than its limit; use less recursion or smaller frames';
const STEP_TOO_LONG = 'one step of the program took more fuel than a step may; do less in each step';

/** The end of a run as all hosts see it. `guest` is null when there never was an instance. */
export function judged(ending: Ending, at: { build: Build; guest: Guest | null; meter: Meter }): Ending {
  const { build, guest, meter } = at;
  if (guest?.isGrowthRefused)
    return { kind: 'host', code: 'MH-HOST-001', message: 'this host has not enough memory for the unit' };
  if (ending.kind === 'host') return ending;
  if (guest !== null && !guest.isInOrder) return impossible('it could not be stopped, or not be taken back');
  if (!meter.isCredible) return impossible('it has given fuel to itself');
  if (meter.isOverLimit) {
    const { code, message } = outOfFuel(meter.fuelMaximum);
    return { kind: 'failure', code, message };
  }
  if (ending.kind !== 'trap') return ending;
  if (guest?.isTooDeep) return { kind: 'failure', code: 'MH-UNIT-009', message: TOO_DEEP };
  if (guest?.isBelowFloor) return belowFloor(build);
  return { kind: 'failure', code: 'MH-UNIT-001', message: `the program trapped: ${ending.message}` };
}

function belowFloor(build: Build): Ending {
  if (build === 'nonleaf') return { kind: 'needs-all' };
  if (build === 'step') return { kind: 'failure', code: 'MH-UNIT-011', message: STEP_TOO_LONG };
  return impossible('it has yield points everywhere and did not yield');
}

/** Only a module that the pipeline has not made, or a fault of ours, gets there. */
function impossible(what: string): Ending {
  return { kind: 'host', code: 'MH-HOST-005', message: `the module does what none of its kind can: ${what}` };
}
