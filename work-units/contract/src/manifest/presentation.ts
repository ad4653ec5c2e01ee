// How a batch asks to be shown on the web page. Data only: the page knows the kinds of picture.
import { z } from 'zod';
import { labelSchema } from './names.js';

const axisSchema = z.strictObject({ label: labelSchema, start: z.int(), end: z.int() });
const columnSchema = z.int().min(0).max(63);

/**
 * A dot plot. Every line of a unit's stdout that does not start with `#` is one segment of tab-separated fields; `columns` says, from 0, which
 * field is what. The strand is `+` or `-`: on `-` the segment falls from (xStart, yEnd) to (xEnd, yStart).
 */
export const presentationSchema = z.strictObject({
  kind: z.literal('dot-plot'),
  x: axisSchema,
  y: axisSchema,
  columns: z.strictObject({
    xStart: columnSchema,
    xEnd: columnSchema,
    yStart: columnSchema,
    yEnd: columnSchema,
    strand: columnSchema,
    score: columnSchema,
    /** Columns of the alignment with equal letters, and all columns: their ratio is the identity. */
    matchCount: columnSchema,
    columnCount: columnSchema,
  }),
});
export type Presentation = z.infer<typeof presentationSchema>;
