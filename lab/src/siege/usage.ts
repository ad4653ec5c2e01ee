// What a coordinator takes of memory and disk, as Linux and its folder tell it.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';

export type Memory = { peakBytes: number; seedPeakBytes: number };
export type Disk = { databaseBytes: number; journalBytes: number; checkpointBytes: number; logBytes: number };

/** The most that the coordinator's own process, and that of its seed, ever had in memory. */
export function memoryOf(pid: number): Memory {
  const seed = childrenOf(pid).find((child) => readText(`/proc/${child}/cmdline`).includes('seed'));
  return { peakBytes: peakOf(pid), seedPeakBytes: seed === undefined ? 0 : peakOf(seed) };
}

function peakOf(pid: number): number {
  return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/status`))?.[1] ?? 0);
}

function childrenOf(pid: number): number[] {
  return readText(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

/** What the database holds, its journals beside it, all that is kept of checkpoints and uploads, and the log. */
export function diskOf(dataDirectory: string, logFile: string): Disk {
  const database = join(dataDirectory, 'coordinator.sqlite');
  return {
    databaseBytes: heldBytes(database),
    journalBytes: sum(['-wal', '-shm'].map((end) => sizeOf(database + end))),
    checkpointBytes: sum(['checkpoints', 'uploads', 'results'].map((name) => folderBytes(join(dataDirectory, name)))),
    logBytes: sizeOf(logFile),
  };
}

/** All pages as a reader sees them, those that are still in the journal too. */
function heldBytes(file: string): number {
  const database = new BetterSqlite3(file, { readonly: true });
  try {
    const sql = 'SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()';
    return database.prepare(sql).pluck().get() as number;
  } finally {
    database.close();
  }
}

function folderBytes(folder: string): number {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return sum(entries.filter((entry) => entry.isFile()).map((entry) => sizeOf(join(entry.parentPath, entry.name))));
  } catch {
    return 0; // not there, or changed meanwhile
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process has ended
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
