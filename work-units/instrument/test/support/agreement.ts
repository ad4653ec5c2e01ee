// Builds a module and runs it plain, by steps, and in both builds of a command, in one go and in pieces: everything that can be seen must agree.
import { buildApp } from '../../src/index.js';
import { type Driven, drive, runPlain } from './driver.js';
import { Random } from './random.js';
import { randomModule } from './random-module.js';

const OPTIONS = { memoryMaximumBytes: 4 * 65_536, moduleMaximumBytes: 1 << 20 };
/** What running by steps costs beyond the program: init and finish, one step with a call and a constant. */
const STEP_FUEL = 1n + 1n + 6n;

export type Agreement = { trap: string | null; fuel: bigint; stops: number };

/** Throws with the first disagreement. Without floats the plain module is compared too. */
export async function checkAgreement(seed: number, hasFloat: boolean): Promise<Agreement> {
  const { command, steps } = randomModule(seed, hasFloat);
  const { builds } = await buildApp(command, OPTIONS);
  const stepped = await buildApp(steps, OPTIONS);
  if (!('nonleaf' in builds) || !('step' in stepped.builds)) throw new Error('the ABI was not recognised');
  const random = new Random(seed);
  const slices = [undefined, () => BigInt(1 + random.below(40)), () => BigInt(1 + random.below(3000))];
  const first = drive(builds.nonleaf, { build: 'nonleaf' });
  const plain = hasFloat ? null : runPlain(command);
  if (plain !== null)
    same('plain', picture(plain), picture({ ...first, globals: first.globals.slice(0, plain.globals.length) }));
  let stops = 0;
  for (const build of ['nonleaf', 'all'] as const)
    for (const [number, slice] of slices.entries()) {
      const isMoved = number === 2 && random.below(2) === 0;
      const driven = drive(builds[build], { build, isMoved, ...(slice === undefined ? {} : { slice }) });
      same(`${build} ${number}`, whole(driven), whole(first));
      stops += driven.stops;
    }
  const step = drive(stepped.builds.step, { build: 'step' });
  const stepFuel = step.trap === null ? STEP_FUEL : STEP_FUEL - 1n;
  same('step', { ...picture(step), fuel: step.fuel - stepFuel }, { ...picture(first), fuel: first.fuel });
  return { trap: first.trap, fuel: first.fuel, stops };
}

/** What a program left behind. Flags of dropped segments stand behind its own globals. */
function picture({ stdout, trap, memory, globals }: Pick<Driven, 'stdout' | 'trap' | 'memory' | 'globals'>) {
  return { stdout, trap, memory: Buffer.from(memory).toString('base64'), globals };
}

function whole(driven: Driven) {
  return { ...picture(driven), fuel: driven.fuel, depthLeft: driven.depthLeft };
}

function same(what: string, actual: Record<string, unknown>, expected: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(expected)) {
    const [left, right] = [actual[key], value].map((each) => comparable(each, key));
    if (left !== right) throw new Error(`${what}: ${key} is ${left?.slice(0, 200)}, not ${right?.slice(0, 200)}`);
  }
}

function comparable(value: unknown, key: string): string {
  const list = Array.isArray(value) ? value : [value];
  // Object.is tells zeros apart; the text has to as well.
  return list.map((each) => (Object.is(each, -0) ? '-0' : String(each))).join(key === 'globals' ? ',' : '');
}
