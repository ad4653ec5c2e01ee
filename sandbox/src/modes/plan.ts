// What the launcher is told to do, in one argument.
import type { Shown } from '../shown/shown.js';

export type EntryPlan = {
  /** `namespaces`: it runs in new ones already, and shows the files; `landlock`: it may only restrict itself. */
  walls: 'namespaces' | 'landlock';
  shown: Shown;
  /** What may be executed, for Landlock. */
  executables: string[];
  program: string;
  args: string[];
  env: Record<string, string>;
};
