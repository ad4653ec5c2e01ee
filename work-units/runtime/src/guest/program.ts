// How the two kinds of programs run, stop and go on: the one difference between a command and a step program.

/** Where a program stands between two slices. Part of every state hash. */
export const Phase = {
  /** Nothing has run. */
  start: 0,
  /** A command is suspended in the middle; a step program has its next step before it. */
  midway: 1,
  /** A step program has only `finish` before it. */
  finish: 2,
} as const;

export interface Program {
  phase: number;
  /** Runs on until the end (true) or until it yields (false). Whatever leaves the program otherwise is thrown. */
  run(): boolean;
  /** Whether the program stands as the engine left it, neither unwinding nor rewinding. */
  isInOrder(): boolean;
  /** The stack of a suspended command; empty otherwise. */
  stack(): Uint8Array;
  /** Takes the place of another instance that stood there; false when that cannot be. */
  restore(phase: number, stack: Uint8Array): boolean;
}

/** An export that is looked up by its own name, never by one of a prototype. */
export function ownExport(exports: WebAssembly.Exports, name: string): WebAssembly.ExportValue | undefined {
  return Object.hasOwn(exports, name) ? exports[name] : undefined;
}
