// The library's one error: input that does not follow SPEC.md.

/** Stable codes: a simulation that cannot be planned, unit output that breaks the format. */
export type NBodyErrorCode = 'N_BODY_PLAN_INVALID' | 'N_BODY_OUTPUT_INVALID';

/** Thrown by every function of this library that refuses its input. */
export class NBodyError extends Error {
  override readonly name = 'NBodyError';

  constructor(
    readonly code: NBodyErrorCode,
    message: string,
  ) {
    super(message);
  }
}
