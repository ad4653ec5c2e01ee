// Writes the changed units of a transaction with as few statements as possible: consecutive units that end up alike are one statement.
import type { SuccessRun } from '../../storage/sqlite/replica-runs.js';
import type { UnitColumns } from '../../storage/sqlite/units.js';
import type { CoreStore } from '../ports/core-store.js';
import type { Replica } from './domain/unit-state.js';
import {
  detailOf,
  type ReplicaDetail,
  replicaExtras,
  replicaTuple,
  type UnitEntry,
  unitColumns,
} from './unit-entry.js';

type UnitRun = { firstId: number; lastId: number; columns: UnitColumns };

/** Writes units, then their replicas. */
export function writeEntries(store: CoreStore, changed: UnitEntry[]): void {
  changed.sort((left, right) => left.id - right.id);
  writeUnits(store, changed);
  const successes = new Map<number, SuccessRun>();
  for (const entry of changed)
    for (const account of entry.dirty) {
      const replica = entry.state.replicas.find((candidate) => candidate.account === account);
      const detail = detailOf(entry, account);
      if (!replica || !detail) continue;
      if (detail.chain && isKnownSuccess(entry, replica))
        gather(store, successes, { unitId: entry.id, replica, detail });
      else write(store, entry, { replica, detail });
    }
  for (const run of successes.values()) store.replicaRuns.succeed(run);
}

function writeUnits(store: CoreStore, changed: readonly UnitEntry[]): void {
  let run: UnitRun | undefined;
  const flush = (): void => {
    if (run) store.units.updateConsecutive(run.firstId, run.lastId, run.columns);
  };
  for (const { id, state } of changed) {
    const columns = unitColumns(state);
    if (run?.lastId === id - 1 && isEqual(run.columns, columns)) run.lastId = id;
    else {
      flush();
      run = { firstId: id, lastId: id, columns };
    }
  }
  flush();
}

function isEqual(left: UnitColumns, right: UnitColumns): boolean {
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false;
  return true;
}

function isKnown({ before, isReset }: UnitEntry, account: number): boolean {
  return !isReset && before.replicas.some((old) => old.account === account);
}

function write(
  { replicas }: CoreStore,
  entry: UnitEntry,
  { replica, detail }: { replica: Replica; detail: ReplicaDetail },
): void {
  const tuple = replicaTuple(entry.id, replica, detail);
  const extras = replicaExtras(replica, detail);
  if (isKnown(entry, replica.account)) replicas.change(tuple, extras);
  else replicas.put(tuple, extras);
}

function isKnownSuccess(entry: UnitEntry, { account, phase }: Replica): boolean {
  return phase === 'succeeded' && isKnown(entry, account);
}

function gather(
  store: CoreStore,
  runs: Map<number, SuccessRun>,
  { unitId, replica, detail }: { unitId: number; replica: Replica; detail: ReplicaDetail },
): void {
  const { account, host, lease } = detail;
  const { network } = replica;
  const run = runs.get(account);
  if (run && run.host === host && run.lease === lease && unitId === run.firstId + run.items.length) {
    run.items.push(detail);
    return;
  }
  if (run) store.replicaRuns.succeed(run);
  runs.set(account, { firstId: unitId, account, host, network, lease, items: [detail] });
}
