// The process behind those that were started to build its walls.
import { readFileSync } from 'node:fs';

/** Steps `depth` times from a process to its child; undefined while there is none, or when the kernel does not tell. */
export function descend(pid: number | undefined, depth: number): number | undefined {
  let reached = pid;
  for (let step = 0; step < depth && reached !== undefined; step++) reached = childOf(reached);
  return reached;
}

function childOf(pid: number): number | undefined {
  try {
    const first = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0];
    return first ? Number(first) : undefined;
  } catch {
    return undefined;
  }
}
