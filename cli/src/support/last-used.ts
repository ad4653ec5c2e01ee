// The coordinator and the project that were used last, so that they need not be typed each time.
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { slugSchema } from '@manyhands/contract';
import { ensureFolder } from '@manyhands/contract/folders';
import { z } from 'zod';

const FILE = 'last-used.json';
const lastUsedSchema = z.object({
  version: z.literal(1),
  coordinator: z.url({ protocol: /^https?$/ }),
  /** The project used last on that coordinator. */
  project: slugSchema.nullable(),
});
export type LastUsed = Omit<z.infer<typeof lastUsedSchema>, 'version'>;

/** In the data folder that was named; otherwise in the platform's folder of Manyhands, for all commands alike. */
export async function lastUsedFile(dataDirectory: string | undefined): Promise<string> {
  if (dataDirectory !== undefined) return join(dataDirectory, FILE);
  const { default: envPaths } = await import('env-paths');
  return join(envPaths('manyhands', { suffix: '' }).data, FILE);
}

/** Undefined when nothing is remembered; a file that cannot be read is passed over, after `onTrouble` was told. */
export async function readLastUsed(file: string, onTrouble: (why: string) => void): Promise<LastUsed | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const { coordinator, project } = lastUsedSchema.parse(JSON.parse(text));
    return { coordinator, project };
  } catch {
    onTrouble(`${file} is damaged, or of a newer version; I continue without what was used last.`);
    return undefined;
  }
}

/** Remembers, whole or not at all. Another coordinator makes the project forgotten. A place that cannot be written is no trouble: one types more. */
export async function rememberUsed(file: string, used: { coordinator: string; project?: string }): Promise<void> {
  const before = await readLastUsed(file, () => undefined);
  const kept = before?.coordinator === used.coordinator ? before.project : null;
  const record = { version: 1 as const, coordinator: used.coordinator, project: used.project ?? kept };
  if (before?.coordinator === record.coordinator && before.project === record.project) return;
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    ensureFolder(dirname(file), 0o700);
    await writeFile(temporary, `${JSON.stringify(record)}\n`, { mode: 0o600 });
    await rename(temporary, file);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
