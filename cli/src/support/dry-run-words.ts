// What a dry run says to people: which units it ran, what came of them, and the cost of the whole in words.

import { formatFuel } from '@manyhands/contract';
import type { Estimate, Trial } from '@manyhands/sdk';
import type { Output } from '../output.js';
import { fuelOf, reasonWords } from './endings.js';
import { formatBytes, formatCount, formatDuration } from './quantities.js';

/** Below it, handing a unit out and checking it takes longer than computing it. */
const TOO_SMALL_MS = 200;
const GOOD_SIZE_MS = 1000;
/** How many computers the cost is told for while none is online. */
const EXAMPLE_COMPUTERS = 20;

export type Bounds = { unitMs: number; totalMs: number };
/** `broken-off`: the dry run ended it; that says nothing of the unit but that it takes longer. */
export type Tried = Trial & { name: string; end: 'ok' | 'failed' | 'broken-off' };

export function trialLines(
  trials: readonly Tried[],
  { unitCount, seed, bounds }: { unitCount: number; seed: number; bounds: Bounds },
  { color }: Pick<Output, 'color'>,
): string[] {
  const which =
    trials.length === unitCount ? `all ${formatCount(unitCount)}` : `${trials.length} of ${formatCount(unitCount)}`;
  const choice = trials.length === unitCount ? '' : `, chosen at random (--seed ${seed})`;
  const head = `Tried ${which} units${choice}, at most ${formatDuration(bounds.unitMs)} each and ${formatDuration(bounds.totalMs)} in all.`;
  return [
    color.bold(unitCount === 1 ? head.replace('units', 'unit').replace('all 1', 'the only') : head),
    ...trials.flatMap((trial) => linesOf(trial, color)),
  ];
}

function linesOf({ name, end, outcome, elapsedMs }: Tried, color: Output['color']): string[] {
  if (end === 'broken-off')
    return [color.yellow(`  …  ${name}: still running after ${formatDuration(elapsedMs)}, broken off here`)];
  if (outcome.kind === 'success')
    return [
      `  ok ${name}: ${formatDuration(elapsedMs)}, ${formatFuel(fuelOf(outcome))} fuel, ${formatBytes(outcome.stdout.length)} of output`,
    ];
  const stderr = outcome.stderrTail
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '');
  return [
    color.red(`  x  ${name}: ${reasonWords(outcome)}`),
    ...stderr.map((line) => `       ${line.replace(/[\p{Cc}\p{Cf}]+/gu, ' ')}`),
  ];
}

/** The estimate, or why there is none. */
export function costLines(
  cost: Estimate | null,
  { trials, computersOnline }: { trials: readonly Tried[]; computersOnline: number },
): string[] {
  if (!cost) return [noEstimate(trials)];
  const measured = trials.filter(({ end }) => end === 'ok').length;
  const rest = trials.length - measured;
  const caution =
    rest === 0
      ? []
      : [
          `  note      from the ${measured} that came to an end; the ${rest === 1 ? 'other' : `${rest} others`} may cost more`,
        ];
  return [
    `  units     ${unitWords(cost)}`,
    `  each      ${eachWords(cost.expectedDurationMs)}`,
    `  cost      ${costWords(cost, computersOnline)}`,
    ...caution,
  ];
}

function noEstimate(trials: readonly Tried[]): string {
  return trials.some(({ end }) => end === 'failed')
    ? 'No estimate: no unit came to a good end here. Mend the program or its inputs first.'
    : 'No estimate: no unit came to its end in that time. Give them longer with --try-for, or make them smaller.';
}

function unitWords({ units, replicas }: Estimate): string {
  const times = replicas / units;
  const how = times === 1 ? 'each on one computer, unverified' : `each on ${times} computers, which must agree`;
  return `${formatCount(units)}, ${how}`;
}

/** "about 1 ms: use `--expect 1ms`; put about 1,000 inputs in a unit". */
function eachWords(expectedMs: number): string {
  const advice = `about ${formatDuration(expectedMs)}: use \`--expect ${durationWord(expectedMs)}\``;
  if (expectedMs >= TOO_SMALL_MS) return advice;
  return `${advice}; put about ${formatCount(roundedUp(GOOD_SIZE_MS / expectedMs))} inputs in a unit`;
}

function costWords({ cpuHours, replicas }: Estimate, online: number): string {
  const alone = cpuHours * 3_600_000;
  const computers = online > 0 ? online : EXAMPLE_COMPUTERS;
  // One core each; no more of them can help than there are runs.
  const wallMs = alone / Math.min(computers, replicas);
  const which =
    online > 0
      ? `${formatCount(online)} ${online === 1 ? 'computer' : 'computers'}, as many as are online now`
      : `${computers} computers`;
  return computers === 1
    ? `about ${formatDuration(alone)} on ${which}`
    : `about ${formatDuration(wallMs)} on ${which}; about ${formatDuration(alone)} on one`;
}

/** One digit that counts: 1,000; 300; 7. */
function roundedUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return Math.ceil(value / power) * power;
}

/** As the command line takes it back. */
function durationWord(milliseconds: number): string {
  if (milliseconds < 10_000) return `${Math.round(milliseconds)}ms`;
  return milliseconds < 600_000 ? `${Math.round(milliseconds / 1000)}s` : `${Math.round(milliseconds / 60_000)}m`;
}
