// Who comes when, and from where. Pure.
import type { HostPlan } from './messages.js';

export type Wishes = {
  readonly base: number;
  readonly arrivals: number;
  readonly honest: number;
  /** Of 127.0.0.0/8, each a /24. */
  readonly networks: number;
  /** Within so long the arrivals come; so long one unit takes, and each measurement. */
  readonly seconds: number;
};

/** The first networks of 127.0.0.0/8 are those of the coordinator and of visitors. */
const FIRST_NETWORK = 256;
const ADDRESSES_PER_NETWORK = 250;
/** All honest hosts stand behind this one. */
export const HONEST_ADDRESS = '127.0.7.1';
export const VISITOR_ADDRESS = '127.0.8.1';
/** The base comes no faster than this. */
const BASE_PER_SECOND = 60;
/** The first unit of those who come takes from this part of the time of a unit to all of it, so that they do not go in step. */
const FIRST_UNIT_PART = 0.5;

/** The address of the nth host of a crowd that is spread over networks. */
export function addressOf(index: number, networks: number): string {
  const network = FIRST_NETWORK + (index % networks);
  const place = 1 + (Math.floor(index / networks) % ADDRESSES_PER_NETWORK);
  return `127.${Math.floor(network / 256)}.${network % 256}.${place}`;
}

/** How long the base takes to come, in milliseconds. */
export function baseRampMs({ base }: Wishes): number {
  return Math.ceil((1000 * base) / BASE_PER_SECOND);
}

/** Their first units end all over the time of a unit, so that they do not go in step. */
export function basePlan(wishes: Wishes, fromMs: number): HostPlan[] {
  const { base, networks, seconds } = wishes;
  return spread(base, { fromMs, withinMs: baseRampMs(wishes) }, (index, comesAtMs) => ({
    ...{ group: 'base', comesAtMs, address: addressOf(index, networks) },
    firstHoldMs: 1000 * seconds * fractionOf(index),
  }));
}

export function arrivalsPlan({ base, arrivals, networks, seconds }: Wishes, fromMs: number): HostPlan[] {
  return spread(arrivals, { fromMs, withinMs: 1000 * seconds }, (index, comesAtMs) => ({
    ...{ group: 'arrival', comesAtMs, address: addressOf(base + index, networks) },
    firstHoldMs: 1000 * seconds * (FIRST_UNIT_PART + (1 - FIRST_UNIT_PART) * fractionOf(index)),
  }));
}

export function honestPlan({ honest, seconds }: Wishes, fromMs: number): HostPlan[] {
  return spread(honest, { fromMs, withinMs: 1000 * seconds }, (index, comesAtMs) => ({
    ...{ group: 'honest', comesAtMs, address: HONEST_ADDRESS },
    firstHoldMs: 1000 * seconds * (FIRST_UNIT_PART + (1 - FIRST_UNIT_PART) * fractionOf(index)),
  }));
}

/** Units that are enough for the whole run, at a quorum of two. */
export function unitsFor({ base, arrivals, honest }: Wishes): number {
  return 100 + 4 * base + 3 * (arrivals + honest);
}

/** Connections that the coordinator holds at most, with room for files and calls. */
export function descriptorsFor({ base, arrivals, honest }: Wishes): number {
  return base + arrivals + honest + 1000;
}

function spread(
  count: number,
  { fromMs, withinMs }: { fromMs: number; withinMs: number },
  make: (index: number, comesAtMs: number) => HostPlan,
): HostPlan[] {
  return Array.from({ length: count }, (_, index) => make(index, fromMs + (withinMs * index) / count));
}

/** Different numbers from 0 to 1 for neighbours, the same in each run. */
function fractionOf(index: number): number {
  return (index * 0.618_033_988_75) % 1;
}
