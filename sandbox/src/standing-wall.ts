// A wall that was tried and stands.
import type { WallReport } from './layers.js';
import type { MemoryGroups } from './memory-groups.js';
import type { Command, Inside } from './modes/mode.js';

export type Enter = (inside: Inside) => Command;
export type Wall = {
  report: WallReport;
  /** How to get behind it; null: there is none. */
  enter: Enter | null;
  groups: MemoryGroups | null;
};
