/// <reference types="node" />
// Making the folders that people name. For Node alone, unlike the rest of the contract.
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing. Node's own `recursive` tries for ever where a folder that exists has no room for another,
 * as in /proc: it takes that for a folder missing above.
 */
export function ensureFolder(path: string, mode = 0o777): void {
  const above = dirname(path);
  if (above !== path && !existsSync(above)) ensureFolder(above, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
