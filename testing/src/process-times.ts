// What the system tells of a process: how long it has computed, however busy the machine was meanwhile.
import { readFileSync } from 'node:fs';

/** CPU time comes in ticks of so long. */
const TICK_MS = 10;

/** CPU time of a process and all its threads; 0 once it is gone. Linux only. */
export function cpuMsOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold anything.
    const [user, system] = text.slice(text.lastIndexOf(')')).split(' ').slice(12, 14).map(Number);
    return ((user ?? 0) + (system ?? 0)) * TICK_MS;
  } catch {
    return 0;
  }
}
