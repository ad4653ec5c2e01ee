// How a batch asks to be shown on the web page. Data only: the page knows the kinds of picture.
import { z } from 'zod';
import { labelSchema } from './names.js';

const axisSchema = z.strictObject({ label: labelSchema, start: z.int(), end: z.int() });

/** A dot plot: every line of stdout that is a JSON object with these fields is one segment. */
export const presentationSchema = z.strictObject({
  kind: z.literal('dot-plot'),
  x: axisSchema,
  y: axisSchema,
  fields: z.strictObject({
    xStart: labelSchema,
    xEnd: labelSchema,
    yStart: labelSchema,
    yEnd: labelSchema,
    strand: labelSchema,
    score: labelSchema,
    identity: labelSchema,
  }),
});
export type Presentation = z.infer<typeof presentationSchema>;
