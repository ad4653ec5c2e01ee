// Units that only ever ran out wait for their owner, and no longer for computers.

export type CountsWithHeld = {
  readonly total: number;
  /** Those that are held included. */
  readonly waiting: number;
  /** Absent in the answers of older coordinators. */
  readonly held?: number | undefined;
  readonly accepted: number;
  readonly failed: number;
};

/** `waiting` are those that computers may still take. */
export function openCounts({ waiting, held = 0 }: Pick<CountsWithHeld, 'waiting' | 'held'>): {
  waiting: number;
  held: number;
} {
  return { waiting: Math.max(0, waiting - held), held };
}

/** Whether nothing more will happen until the owner opens units again. */
export function isOnlyHeld({ total, held = 0, accepted, failed }: CountsWithHeld): boolean {
  return held > 0 && accepted + failed + held >= total;
}
