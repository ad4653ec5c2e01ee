// What must be true of a coordinator's database and of a batch's results, whatever happened on the way.

import { DEFAULT_UNIT_LIMITS, runUnit } from '@manyhands/runtime';
import { expect } from 'vitest';
import type { Cluster } from './cluster.js';
import { probeModule } from './programs.js';

export type AcceptedUnit = { id: number; replicas: string };

/** Accepted units with all that was ever computed for them. */
export function acceptedUnits(cluster: Cluster): AcceptedUnit[] {
  return cluster.query<AcceptedUnit>(`
    SELECT unit.id, group_concat(replica.account_row_id || ':' || replica.lease_row_id || ':' || replica.state || ':' || hex(replica.digest)) AS replicas
    FROM unit JOIN replica ON replica.unit_id = unit.id WHERE unit.phase = 2 GROUP BY unit.id ORDER BY unit.id`);
}

/** The inputs of a batch of probe units, each `work rounds` on its own stdin. */
export function probeInputs(count: number, rounds: number): { name: string; args: string[]; stdin: string }[] {
  return Array.from({ length: count }, (_, number) => ({
    name: `unit-${number}`,
    args: ['work', String(rounds)],
    stdin: `input ${number}`,
  }));
}

/** What the probe prints for these inputs, computed here. */
export async function expectedHashes(count: number, rounds: number): Promise<Record<string, string>> {
  const module = new WebAssembly.Module((await probeModule()) as BufferSource);
  const entries = probeInputs(count, rounds).map(({ name, args, stdin }) => {
    const outcome = runUnit(module, {
      args: ['probe', ...args],
      stdin: new TextEncoder().encode(stdin),
      files: [],
      collect: [],
      okExitCodes: [0],
      seed: new Uint8Array(32),
      limits: DEFAULT_UNIT_LIMITS,
    });
    if (outcome.kind !== 'success') throw new Error(outcome.message);
    return [name, new TextDecoder().decode(outcome.stdout)];
  });
  return Object.fromEntries(entries);
}

/** Two agreeing replicas of different accounts for each unit, each paid once, nothing else paid. */
export function expectExactCredit(cluster: Cluster, { units, rateMilli }: { units: number; rateMilli: number }): void {
  const [paid] = cluster.query<{ replicas: number; amount: number }>(
    'SELECT sum(replicas) AS replicas, sum(amount_milli) AS amount FROM ledger',
  );
  expect(paid).toEqual({ replicas: 2 * units, amount: 2 * units * rateMilli });
  const [balance] = cluster.query<{ replicas: number; amount: number }>(
    'SELECT sum(replicas) AS replicas, sum(credit_milli) AS amount FROM balance',
  );
  expect(balance).toEqual(paid);
  const [hosts] = cluster.query<{ accepted: number }>('SELECT sum(accepted_replicas) AS accepted FROM host');
  expect(hosts?.accepted).toBe(2 * units);
  const few = cluster.query(`
    SELECT unit_id FROM replica WHERE state = 1 GROUP BY unit_id HAVING count(DISTINCT account_row_id) < 2`);
  expect(few).toEqual([]);
}
