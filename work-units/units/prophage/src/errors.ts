// The library's one error: input that does not follow SPEC.md.

/** Stable codes: data that is no FASTA record, a plan that cannot be made, unit output that breaks the format. */
export type ProphageErrorCode = 'PROPHAGE_FASTA_INVALID' | 'PROPHAGE_PLAN_INVALID' | 'PROPHAGE_OUTPUT_INVALID';

/** Thrown by every function of this library that refuses its input. */
export class ProphageError extends Error {
  override readonly name = 'ProphageError';

  constructor(
    readonly code: ProphageErrorCode,
    message: string,
  ) {
    super(message);
  }
}
