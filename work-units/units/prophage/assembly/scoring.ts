// The scoring of SPEC.md. A gap of k letters costs GAP_FIRST + (k - 1) * GAP_NEXT.
export const MATCH: i32 = 2;
export const MISMATCH: i32 = -3;
export const GAP_FIRST: i32 = 7;
export const GAP_NEXT: i32 = 2;
export const DEFAULT_THRESHOLD: i32 = 60;
export const MAX_HITS: i32 = 8;

/** No score exceeds MATCH for each letter of the window: up to this length every lane of 16 bits is exact. */
export const MAX_WINDOW: i32 = 16000;
export const MAX_PHAGE_BYTES: i32 = 1 << 21;
/** The bound on the bytes kept for one traceback. */
export const MAX_RECTANGLE: u64 = 1 << 26;

/** The exit codes that are the unit's own; see SPEC.md. */
export const EXIT_OVERFLOW: i32 = 4;
export const EXIT_RECTANGLE: i32 = 5;
