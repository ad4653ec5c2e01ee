// What this computer, or the container around this process, has for it: the smaller of the two.
import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { cgroupLimits } from './cgroups.js';

export type Machine = { cores: number; memoryBytes: number };

/** A quota of one and a half processors is one: the rest would make units wait in the middle of a slice. */
export function thisMachine(): Machine {
  const limits = cgroupLimits(readIfThere);
  // Without a limit it answers more than any machine has, or nothing.
  const constrainedBytes = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return {
    cores: Math.max(1, Math.floor(Math.min(availableParallelism(), limits.cores))),
    memoryBytes: Math.min(totalmem(), constrainedBytes, limits.memoryBytes),
  };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
