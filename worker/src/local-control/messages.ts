// One line of JSON asks, one line answers.
import { z } from 'zod';

const LINE_MAXIMUM_BYTES = 64 * 1024;

const controlCommandSchema = z.enum(['status', 'pause', 'resume', 'leave', 'new-host']);
export type ControlCommand = z.infer<typeof controlCommandSchema>;

export const controlRequestSchema = z.object({
  version: z.literal(1),
  command: controlCommandSchema,
  token: z.string().max(100).optional(),
});

/** `status` fits `workerStatusSchema`; `error` is the JSON form of a ManyhandsError. */
export const controlAnswerSchema = z.union([
  z.object({ version: z.literal(1), status: z.unknown().refine((status) => status !== undefined) }),
  z.object({ version: z.literal(1), error: z.object({ code: z.string(), message: z.string() }) }),
]);

/** Collects bytes until the first line end. Undefined: not yet; throws RangeError for a line beyond the bound. */
export class LineReader {
  #text = '';

  push(chunk: Buffer): string | undefined {
    this.#text += chunk.toString('utf8');
    const end = this.#text.indexOf('\n');
    if (end >= 0) return this.#text.slice(0, end);
    if (this.#text.length > LINE_MAXIMUM_BYTES) throw new RangeError('the line is too long');
    return undefined;
  }
}
