// The one error class: a documented code, JSON-safe details, and a form that survives threads, processes and the wire.
import { plainText } from '../words/plain-text.js';
import type { Fault } from './codes.js';
import { type ErrorCode, errorEntry, isErrorCode } from './error-code.js';
import { diagnose, fileTrouble, fileTroubleCode } from './system-errors.js';

type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
/** Details of an error, safe to send as JSON. */
export type ErrorMeta = { readonly [key: string]: JsonValue };
/** The JSON form of an error, as REST answers and `--json` print it. */
export type ErrorBody = { code: ErrorCode; message: string; meta: ErrorMeta; retryable: boolean; fault: Fault };

/** An error with a documented code. Its message says what happened, why and what to do; tests compare `code` only. */
export class ManyhandsError extends Error {
  override readonly name = 'ManyhandsError';
  readonly code: ErrorCode;
  readonly meta: ErrorMeta;

  constructor(code: ErrorCode, details: { message?: string; meta?: ErrorMeta; cause?: unknown } = {}) {
    super(details.message ?? errorEntry(code).doc, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.meta = details.meta ?? {};
  }

  get retryable(): boolean {
    return errorEntry(this.code).retryable;
  }

  get fault(): Fault {
    return errorEntry(this.code).fault;
  }

  get httpStatus(): number {
    return errorEntry(this.code).httpStatus;
  }

  toObject(): ErrorBody {
    const { code, message, meta, retryable, fault } = this;
    return { code, message, meta, retryable, fault };
  }

  /** Rebuilds an error from its JSON form, which others may have written: its message is one line. Anything else becomes the generic code. */
  static fromObject(value: unknown): ManyhandsError {
    const { code, message, meta } = (value ?? {}) as Partial<ErrorBody>;
    return new ManyhandsError(isErrorCode(code) ? code : 'MH-GEN-001', {
      ...(typeof message === 'string' && { message: plainText(message) }),
      ...(typeof meta === 'object' && meta !== null && { meta }),
    });
  }

  /** The error itself when it has a code, what the system's code means when it has one of those, otherwise the generic one around it. */
  static from(error: unknown): ManyhandsError {
    if (isManyhandsError(error)) return error;
    const diagnosis = diagnose(error);
    if (diagnosis) return new ManyhandsError(diagnosis.code, { ...diagnosis, cause: error });
    const message = error instanceof Error ? error.message : String(error);
    return new ManyhandsError('MH-GEN-001', { message, cause: error });
  }
}

/** A file that could not be used, with the reason and the remedy: MH-GEN-013, or MH-GEN-010 on a full disk. `doing`: "read", "write". */
export function fileError(doing: string, path: string, cause: unknown): ManyhandsError {
  const message = `Can't ${doing} ${path}: ${fileTrouble(cause)}`;
  return new ManyhandsError(fileTroubleCode(cause), { message, meta: { path }, cause });
}

/** Recognises errors by name and code, because `instanceof` fails across threads and duplicate packages. */
export function isManyhandsError(error: unknown): error is ManyhandsError {
  return error instanceof Error && error.name === 'ManyhandsError' && isErrorCode((error as { code?: unknown }).code);
}
