// Names that people choose: of projects, batches, units, files and accounts.
import { z } from 'zod';
import { ARGUMENT_MAXIMUM_BYTES, FACT_MAXIMUM_CHARACTERS, NAME_MAXIMUM_CHARACTERS } from '../limits.js';

/** A name in addresses and folders: letters, digits, dot, hyphen and underscore. */
export const slugSchema = z
  .string()
  .max(NAME_MAXIMUM_CHARACTERS)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
/** A name to be shown: any printable text on one line. */
export const labelSchema = z
  .string()
  .min(1)
  .max(NAME_MAXIMUM_CHARACTERS)
  .regex(/^[^\p{Cc}\p{Cf}]+$/u);
/** Blanks of all scripts, and letters that look like one. */
const INVISIBLE = /^[\p{Z}\u115F\u1160\u2800\u3164\uFFA0]*$/u;
/** What a new label must be; records of old may have one that nobody can see. */
export const visibleLabelSchema = labelSchema.refine(
  (label) => !INVISIBLE.test(label),
  'must have a visible character',
);
/** Prose to be shown, with line breaks. */
export const proseSchema = z
  .string()
  .max(4000)
  .regex(/^(?:[^\p{Cc}]|\n)*$/u);
/** A fact to be shown on one line; empty: not stated. */
export const factSchema = z
  .string()
  .max(FACT_MAXIMUM_CHARACTERS)
  .regex(/^[^\p{Cc}\p{Cf}]*$/u);
/** A relative path: of a file inside a unit, or the name of a unit, which becomes the name of its result file: no empty, `.` or `..` parts, no control characters, no backslash. */
export const filePathSchema = z
  .string()
  .min(1)
  .max(255)
  .refine(
    (path) => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    'must be a plain relative path',
  )
  .refine((path) => !/[\p{Cc}\\]/u.test(path), 'has a control character or a backslash');
/** One word of a command line: no NUL. */
export const argumentSchema = z
  .string()
  .max(ARGUMENT_MAXIMUM_BYTES)
  .refine((word) => !word.includes('\0'), 'has a NUL character');
