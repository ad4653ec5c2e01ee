// All documented codes, and the documentation of each.
import { ERROR_CODES, type ErrorEntry } from './codes.js';
import { ENGINE_ERROR_CODES } from './engine-codes.js';

/** A documented code, as in `MH-GEN-001`. */
export type ErrorCode = keyof typeof ERROR_CODES | keyof typeof ENGINE_ERROR_CODES;

const TABLE: Readonly<Record<string, ErrorEntry>> = { ...ERROR_CODES, ...ENGINE_ERROR_CODES };

/** Whether a string is a documented error code. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(TABLE, code);
}

/** The documentation of a code; unknown codes of other versions read as the generic one. */
export function errorEntry(code: string): ErrorEntry {
  return (Object.hasOwn(TABLE, code) ? TABLE[code] : undefined) ?? ERROR_CODES['MH-GEN-001'];
}
