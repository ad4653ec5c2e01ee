// Reads values of a snapshot, which may come from a hostile host: every one is checked for its type and bounds.
import { type ErrorCode, ManyhandsError } from '@manyhands/contract';

export type CheckpointCode = Extract<ErrorCode, `MH-CKP-${string}`>;

/** What a snapshot is refused with. `what` is for people. */
export function refusal(code: CheckpointCode, what: string): ManyhandsError {
  return new ManyhandsError(code, { message: `the checkpoint cannot be used: ${what}` });
}

/** The checks of one part of a snapshot, all with the same code. */
export class Reading {
  constructor(private readonly code: CheckpointCode) {}

  refusal(what: string): ManyhandsError {
    return refusal(this.code, what);
  }

  check(holds: boolean, what: string): void {
    if (!holds) throw this.refusal(what);
  }

  /** An integer from 0 to `maximum`. */
  integer(value: unknown, what: string, maximum: number = Number.MAX_SAFE_INTEGER): number {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > maximum)
      throw this.refusal(`${what} is not an integer from 0 to ${maximum}`);
    return value;
  }

  bytes(value: unknown, what: string, sizeBytes?: number): Uint8Array {
    if (!(value instanceof Uint8Array) || (sizeBytes !== undefined && value.length !== sizeBytes))
      throw this.refusal(`${what} is not a byte string${sizeBytes === undefined ? '' : ` of ${sizeBytes} bytes`}`);
    return value;
  }

  list(value: unknown, what: string, length?: number): readonly unknown[] {
    if (!Array.isArray(value) || (length !== undefined && value.length !== length))
      throw this.refusal(`${what} is not a list${length === undefined ? '' : ` of ${length}`}`);
    return value;
  }

  text(value: unknown, what: string): string {
    if (typeof value !== 'string') throw this.refusal(`${what} is not text`);
    return value;
  }
}
