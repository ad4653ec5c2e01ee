// Watches the durable snapshots of a worker from outside: when each came, how long its write took, and how old the last one is.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { cpuMsOf, innermostOf } from '@manyhands/testing';
import Database from 'better-sqlite3';

export type SnapshotRow = {
  unit_index: number;
  file: string;
  fuel: number;
  resumed_fuel: number | null;
  resumed_count: number;
};

/** What the journal says of begun units; nothing before the worker has made it. */
export function snapshotRows(folder: string): SnapshotRow[] {
  try {
    const database = new Database(join(folder, 'worker.sqlite'), { readonly: true });
    try {
      const columns = 'unit_index, file, fuel, resumed_fuel, resumed_count';
      return database.prepare<[], SnapshotRow>(`SELECT ${columns} FROM snapshot ORDER BY unit_index`).all();
    } finally {
      database.close();
    }
  } catch {
    return [];
  }
}

/** The units that a dead worker knows, computed or not. */
export function knownUnits(folder: string): Set<number> {
  const database = new Database(join(folder, 'worker.sqlite'));
  try {
    return new Set(database.prepare<[], number>('SELECT unit_index FROM unit').pluck().all());
  } finally {
    database.close();
  }
}

/** How old a snapshot is, in the time that its process computed since: what a kill costs, however busy the machine. */
export class SnapshotWatch {
  /** The longest write so far. */
  writeMs = 0;
  readonly #folder: string;
  #last: { file: string; pid: number; cpuMs: number; writeMs: number } | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Looks at the unit that runs in this executor process. To be called often. */
  look(pid: number | undefined): void {
    const row = snapshotRows(this.#folder).at(-1);
    if (!row || pid === undefined || row.file === this.#last?.file) return;
    const writeMs = writeMsOf(join(this.#folder, 'snapshots', row.file));
    this.writeMs = Math.max(this.writeMs, writeMs);
    this.#last = { file: row.file, pid, cpuMs: cpuMsOf(pid), writeMs };
  }

  /** The age of the last durable snapshot; null when the process did not write it, or its unit is done. */
  ageMs(pid: number | undefined): number | null {
    this.look(pid);
    const last = this.#last;
    if (!last || last.pid !== pid || snapshotRows(this.#folder).at(-1)?.file !== last.file) return null;
    return cpuMsOf(pid) - last.cpuMs + last.writeMs;
  }
}

/** From the first byte to the rename; 0 when a newer one has replaced it already. */
function writeMsOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? Math.max(0, stat.ctimeMs - stat.birthtimeMs) : 0;
}

/** The executor of a worker's process, as the system knows it; undefined when there is none just now. */
export function executorOf(workerPid: number): number | undefined {
  const pid = innermostOf(workerPid);
  return pid === workerPid ? undefined : pid;
}
