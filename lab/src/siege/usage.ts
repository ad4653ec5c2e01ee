// What a coordinator takes of memory and disk, as Linux and its folder tell it.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export type Memory = { peakBytes: number; seedPeakBytes: number };
export type Disk = { databaseBytes: number; checkpointBytes: number; logBytes: number };

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

/** What the database takes with its journals, all that is kept of checkpoints and uploads, and the log. */
export function diskOf(dataDirectory: string, logFile: string): Disk {
  const names = readdirSync(dataDirectory).filter((name) => name.startsWith('coordinator.sqlite'));
  return {
    databaseBytes: sum(names.map((name) => sizeOf(join(dataDirectory, name)))),
    checkpointBytes: sum(['checkpoints', 'uploads', 'results'].map((name) => folderBytes(join(dataDirectory, name)))),
    logBytes: sizeOf(logFile),
  };
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
