// Options from environment variables: MANYHANDS_ and the option's name in capitals, e.g. MANYHANDS_LEASE_MINIMUM_MS.
import { ManyhandsError, shapeTrouble } from '@manyhands/contract';
import type { z } from 'zod';
import { type CoordinatorOptions, coordinatorOptionsSchema } from './options.js';

/** The environment variable of an option. */
export function variableOf(option: string): string {
  return `MANYHANDS_${option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** Reads every option that the environment sets. Numbers and `true`, `false`, `null` are read as such, lists with commas. Throws MH-GEN-009. */
export function optionsFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Partial<CoordinatorOptions> {
  const options: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(coordinatorOptionsSchema.shape)) {
    const text = environment[variableOf(name)];
    if (text === undefined || text === '') continue;
    const candidates = [text, parseValue(text), text.split(',').map((part) => part.trim())];
    const fitting = candidates.map((value) => schema.safeParse(value)).find(({ success }) => success);
    if (!fitting)
      throw new ManyhandsError('MH-GEN-009', {
        message: `The environment variable ${variableOf(name)} is not usable: ${wrongness(schema, candidates)}.`,
        meta: { variable: variableOf(name) },
      });
    options[name] = fitting.data;
  }
  return options;
}

/** Says of the value that was meant: the number where there is one. */
function wrongness(schema: z.ZodType, [text, value]: readonly unknown[]): string {
  const meant = typeof value === 'number' && Number.isNaN(value) ? text : value;
  const { error } = schema.safeParse(meant);
  return error ? shapeTrouble(error) : 'it has another form';
}

function parseValue(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  return text.trim() === '' ? text : Number(text);
}
