// The processes below one, and the memory that they have, as Linux tells it.
import { readdirSync, readFileSync } from 'node:fs';

export type ProcessMemory = { pid: number; residentBytes: number };

/** A process and all below it that live now. */
export function processTree(root: number): ProcessMemory[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? readProc(pid, 'stat') : null;
    // The name of the program, in parentheses, may hold anything.
    const parent = stat === null ? undefined : stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    if (parent !== undefined) parents.set(pid, Number(parent));
  }
  const tree = [root];
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  return tree.map((pid) => ({ pid, residentBytes: residentBytes(pid) }));
}

/** The process below one whose command line holds the text, with the words of that line; the innermost, for what builds walls around it has them too. */
export function findBelow(root: number, text: string): { pid: number; words: string[] } | undefined {
  let found: { pid: number; words: string[] } | undefined;
  for (const { pid } of processTree(root)) {
    const words = readProc(pid, 'cmdline')?.split('\0') ?? [];
    if (words.some((word) => word.includes(text))) found = { pid, words };
  }
  return found;
}

export function totalBytes(tree: readonly ProcessMemory[]): number {
  return tree.reduce((sum, process) => sum + process.residentBytes, 0);
}

function residentBytes(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readProc(pid, 'status') ?? '');
  return Number(line?.[1] ?? 0) * 1024;
}

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return null;
  }
}
