// How a unit that has no result came to its end: what failed is told apart from what was merely ended.

/** `failed`: it was tried and does not work. The others never came to their end. */
export type Ending = 'failed' | 'cancelled' | 'expired' | 'stopped';

/** The codes of units that were ended with their batch; every other code is a failure. */
export const ENDING_CODES = {
  'MH-VAL-004': 'cancelled',
  'MH-VAL-005': 'expired',
  'MH-VAL-006': 'stopped',
} as const satisfies Record<string, Ending>;

export const ENDING_WORDS: Readonly<Record<Ending, string>> = {
  failed: 'failed',
  cancelled: 'cancelled',
  expired: 'expired',
  stopped: 'stopped by the operator',
};

/** Of a unit whose phase is failed. */
export function endingOf(code: string | null): Ending {
  return code !== null && Object.hasOwn(ENDING_CODES, code)
    ? ENDING_CODES[code as keyof typeof ENDING_CODES]
    : 'failed';
}

export type CountsWithEndings = {
  /** All units whose phase is failed, those that were ended included. */
  readonly failed: number;
  /** Absent in the answers of older coordinators. */
  readonly ended?: Readonly<Record<Exclude<Ending, 'failed'>, number>> | undefined;
};
export type EndedCounts = Record<Ending, number>;

/** `failed` is what truly failed. */
export function endedCounts({ failed, ended }: CountsWithEndings): EndedCounts {
  const { cancelled = 0, expired = 0, stopped = 0 } = ended ?? {};
  return { failed: Math.max(0, failed - cancelled - expired - stopped), cancelled, expired, stopped };
}

/** `2 failed, 44 cancelled`; empty when every settled unit has a result. */
export function endedInWords(counts: CountsWithEndings, format: (count: number) => string = String): string {
  const ended = endedCounts(counts);
  const kinds = Object.keys(ENDING_WORDS) as Ending[];
  return kinds
    .filter((kind) => ended[kind] > 0)
    .map((kind) => `${format(ended[kind])} ${ENDING_WORDS[kind]}`)
    .join(', ');
}

/** What of a batch says how it stands. `endedCode`: why its open units were ended, null when they were not. */
export type BatchEnd = { readonly state: string; readonly endedCode?: string | null | undefined };

/** `open`, `complete`, `cancelled`, `expired` or `stopped by the operator`. */
export function wordOfBatch({ state, endedCode }: BatchEnd): string {
  return endedCode === 'MH-VAL-006' ? ENDING_WORDS.stopped : state;
}
