// What the system tells of processes: what they have computed, however busy the machine was, and which began them. Linux only.
import { readFileSync } from 'node:fs';

/** CPU time comes in ticks of so long. */
const TICK_MS = 10;

/** CPU time of a process and all its threads; 0 once it is gone. */
export function cpuMsOf(pid: number): number {
  const [user, system] = fieldsOf(pid).slice(11, 13).map(Number);
  return ((user ?? 0) + (system ?? 0)) * TICK_MS;
}

/** Process ids of children; with a text, of those whose command line holds it. */
export function childrenOf(pid: number, text = ''): number[] {
  const children = read(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return text === '' ? children : children.filter((child) => read(child, 'cmdline').includes(text));
}

/** The process behind those that were started to build walls around it: the child of the child, to the last. */
export function innermostOf(pid: number): number {
  const [child] = childrenOf(pid);
  return child === undefined ? pid : innermostOf(child);
}

/** Whether a process goes on; not so one that has ended and is not yet forgotten. */
export function isAlive(pid: number): boolean {
  const [state] = fieldsOf(pid);
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** From the state on: the name of the program before it, in parentheses, may hold anything. */
function fieldsOf(pid: number): string[] {
  const text = read(pid, 'stat');
  return text === '' ? [] : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
