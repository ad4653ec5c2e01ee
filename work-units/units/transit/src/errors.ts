// The library's one error: input that does not follow SPEC.md.

/** Stable codes: a light curve or a search that cannot be planned, unit output that breaks the format, ranges that do not fit together. */
export type TransitErrorCode = 'TRANSIT_PLAN_INVALID' | 'TRANSIT_OUTPUT_INVALID' | 'TRANSIT_RANGES_INVALID';

/** Thrown by every function of this library that refuses its input. */
export class TransitError extends Error {
  override readonly name = 'TransitError';

  constructor(
    readonly code: TransitErrorCode,
    message: string,
  ) {
    super(message);
  }
}
