// The options of the scenario of arrivals: numbers that are refused when they are none, or make no sense.
import { parseArgs } from 'node:util';
import type { Wishes } from './plan.js';

const NUMBERS = {
  base: { preset: '1000', least: 1, most: 100_000 },
  arrivals: { preset: '9000', least: 1, most: 100_000 },
  honest: { preset: '400', least: 1, most: 500 },
  seconds: { preset: '60', least: 5, most: 600 },
  networks: { preset: '64', least: 2, most: 10_000 },
} as const;
type Name = keyof typeof NUMBERS;

/** Throws with a sentence for whoever typed them. */
export function optionsFrom(words: readonly string[]): { wishes: Wishes; isJson: boolean } {
  const { values } = parseArgs({
    args: [...words],
    options: {
      json: { type: 'boolean', default: false },
      base: { type: 'string', default: NUMBERS.base.preset },
      arrivals: { type: 'string', default: NUMBERS.arrivals.preset },
      honest: { type: 'string', default: NUMBERS.honest.preset },
      seconds: { type: 'string', default: NUMBERS.seconds.preset },
      networks: { type: 'string', default: NUMBERS.networks.preset },
    },
  });
  const numberOf = (name: Name): number => checked(name, values[name]);
  const wishes = {
    base: numberOf('base'),
    arrivals: numberOf('arrivals'),
    honest: numberOf('honest'),
    seconds: numberOf('seconds'),
    networks: numberOf('networks'),
  };
  return { wishes, isJson: values.json };
}

function checked(name: Name, text: string): number {
  const { least, most } = NUMBERS[name];
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new Error(`--${name} takes a whole number from ${least} to ${most}`);
}
