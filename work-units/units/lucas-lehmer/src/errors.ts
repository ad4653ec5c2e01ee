// The library's one error: input that does not follow SPEC.md.

/** Stable codes: a plan that cannot be made, unit output that breaks the format, results that contradict each other. */
export type LucasLehmerErrorCode =
  | 'LUCAS_LEHMER_PLAN_INVALID'
  | 'LUCAS_LEHMER_OUTPUT_INVALID'
  | 'LUCAS_LEHMER_CONFLICT';

/** Thrown by every function of this library that refuses its input. */
export class LucasLehmerError extends Error {
  override readonly name = 'LucasLehmerError';

  constructor(
    readonly code: LucasLehmerErrorCode,
    message: string,
  ) {
    super(message);
  }
}
