// The options of a siege; wrong values are refused before anything starts.
import { parseArgs } from 'node:util';
import type { Attack } from './attack.js';
import { ATTACKS } from './attacks/index.js';
import type { Bounds } from './messages.js';
import type { From } from './sources.js';

export type SiegeSettings = {
  isJson: boolean;
  attacks: readonly Attack[];
  froms: readonly From[];
  hosts: number;
  units: number;
  /** An attack lasts so long at least, and until the honest are done. */
  seconds: number;
  bounds: Bounds;
  /** How far the coordinator's checks and the workers give way; null: as usual. */
  nice: number | null;
};

const FROMS: Readonly<Record<string, readonly From[]>> = { one: ['one'], many: ['many'], both: ['one', 'many'] };

/** What was asked for, or a sentence that says what is wrong with it. */
export function settingsOf(words: readonly string[]): SiegeSettings | string {
  const { values } = parseArgs({
    args: [...words],
    options: {
      json: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      from: { type: 'string', default: 'both' },
      'honest-hosts': { type: 'string', default: '400' },
      units: { type: 'string', default: '200' },
      seconds: { type: 'string', default: '60' },
      requests: { type: 'string', default: '20000' },
      sockets: { type: 'string', default: '1000' },
      nice: { type: 'string' },
    },
  });
  const unknown = values.only.find((name) => !ATTACKS.some((attack) => attack.name === name));
  if (unknown !== undefined) return `--only takes one of ${ATTACKS.map(({ name }) => name).join(', ')}, not ${unknown}`;
  const froms = FROMS[values.from];
  if (!froms) return `--from takes one, many or both, not ${values.from}`;
  for (const name of ['honest-hosts', 'units', 'seconds', 'requests', 'sockets'] as const)
    if (!isCount(values[name])) return `--${name} takes a whole number from 1 on, not ${values[name]}`;
  if (values.nice !== undefined && !/^(?:\d|1\d)$/.test(values.nice))
    return `--nice takes a whole number from 0 to 19, not ${values.nice}`;
  return {
    isJson: values.json,
    attacks: ATTACKS.filter(({ name }) => values.only.length === 0 || values.only.includes(name)),
    froms,
    hosts: Number(values['honest-hosts']),
    units: Number(values.units),
    seconds: Number(values.seconds),
    bounds: { requestsMaximum: Number(values.requests), socketsMaximum: Number(values.sockets) },
    nice: values.nice === undefined ? null : Number(values.nice),
  };
}

function isCount(text: string): boolean {
  return /^[1-9]\d{0,6}$/.test(text);
}
