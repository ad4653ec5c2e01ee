// What must be true of a coordinator's database and of a batch's results, whatever happened on the way.

import { creditMilliOf, FUEL_MAXIMUM, FUEL_PER_COBBLESTONE, markSpacingOf, rawCidOf } from '@manyhands/contract';
import { buildApp } from '@manyhands/instrument';
import { DEFAULT_UNIT_LIMITS, runUnit } from '@manyhands/runtime';
import { expect } from 'vitest';
import type { Cluster } from './cluster.js';
import { probeModule } from './programs.js';

/** As an app of the tests is published. */
const PROBE_LIMITS = { memoryMaximumBytes: 16 * 2 ** 20, moduleMaximumBytes: 2 ** 20 };

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

/** What the probe prints for these inputs, and the fuel that all of them take, computed here. */
export async function expectedRuns(
  count: number,
  rounds: number,
): Promise<{ texts: Record<string, string>; fuel: number }> {
  const { builds } = await buildApp(await probeModule(), PROBE_LIMITS);
  if (!('nonleaf' in builds)) throw new Error('the probe is a command');
  const module = new WebAssembly.Module(builds.nonleaf as BufferSource);
  const { memoryMaximumBytes } = PROBE_LIMITS;
  const options = { moduleCid: rawCidOf(builds.nonleaf), markSpacing: markSpacingOf(memoryMaximumBytes) };
  let fuel = 0;
  const entries = probeInputs(count, rounds).map(({ name, args, stdin }) => {
    const input = {
      args: ['probe', ...args],
      stdin: new TextEncoder().encode(stdin),
      files: [],
      collect: [],
      okExitCodes: [0],
      seed: new Uint8Array(32),
      limits: { ...DEFAULT_UNIT_LIMITS, memoryMaximumBytes },
      fuelMaximum: FUEL_MAXIMUM,
    };
    const outcome = runUnit(module, input, { build: 'nonleaf', ...options });
    if (outcome.kind !== 'success') throw new Error(`the probe ended with ${outcome.kind}`);
    fuel += outcome.fuel;
    return [name, new TextDecoder().decode(outcome.stdout)];
  });
  return { texts: Object.fromEntries(entries), fuel };
}

/** Two agreeing replicas of different accounts for each unit, each paid once for its fuel, nothing else paid. */
export function expectExactCredit(cluster: Cluster, { units, fuel }: { units: number; fuel: number }): void {
  const rows = cluster.query<{ replicas: number; amount: number; fuel: number }>(`
    SELECT sum(replicas) AS replicas, sum(amount_milli) AS amount, sum(fuel) AS fuel FROM ledger GROUP BY batch_row_id, host_row_id, account_row_id`);
  for (const row of rows) expect(row.amount).toBe(creditMilliOf(row.fuel, FUEL_PER_COBBLESTONE));
  const paid = { replicas: 0, amount: 0 };
  for (const row of rows) {
    paid.replicas += row.replicas;
    paid.amount += row.amount;
  }
  expect(paid.replicas).toBe(2 * units);
  expect(rows.reduce((sum, row) => sum + row.fuel, 0)).toBe(2 * fuel);
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
