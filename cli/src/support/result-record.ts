// The record of a folder of results: which files it was given, by unit, digest and batch. Lines are only ever added.
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileError, ManyhandsError, shapeTrouble } from '@manyhands/contract';
import { ensureFolder } from '@manyhands/contract/folders';
import { z } from 'zod';

/** Everything of ours beside results lies below it. */
export const RECORD_FOLDER = '.manyhands';
/** Where results go that a later batch does not confirm, by the name of the batch that they are of. */
export const MOVED_FOLDER = '.superseded';
export const RECORD_FILE = 'record.jsonl';
const VERSION = 1;

const beginSchema = z.object({
  version: z.literal(VERSION),
  begin: z.string(),
  name: z.string(),
  /** Hash of program, arguments and whatever else its units share. */
  program: z.string(),
  collect: z.array(z.string()),
});
const endSchema = z.object({ end: z.string() });
const givenSchema = z.object({ unit: z.string(), digest: z.string(), batch: z.string() });
const movedSchema = givenSchema.extend({ movedTo: z.string() });
/** The most particular first. */
const lineSchema = z.union([beginSchema, endSchema, movedSchema, givenSchema]);

export type RecordedBatch = { id: string; name: string; program: string; collect: readonly string[] };
/** A result that the folder was given; `digest` is empty where a crash left files of it before that was noted. */
export type Given = { unit: string; digest: string; batch: string };
/** `movedTo`: folder that its files lie in now, under the names that they had. */
export type Moved = Given & { movedTo: string };

export class ResultRecord {
  readonly batches = new Map<string, RecordedBatch>();
  /** What lies under its final name, by unit. */
  readonly given = new Map<string, Given>();
  /** What was moved away, by unit. */
  readonly moved = new Map<string, Moved[]>();
  /** Batches whose collecting did not come to an orderly end: files may be there that the record does not name. */
  readonly broken = new Set<string>();
  readonly #file: string;
  #handle: number | undefined;
  /** Whether the file may end in the middle of a line. */
  #isTorn = true;

  /** Reads it. Throws MH-GEN-007 for a newer version, MH-GEN-013. */
  constructor(directory: string) {
    this.#file = join(directory, RECORD_FOLDER, RECORD_FILE);
    for (const line of readLines(this.#file)) this.#take(line, this.#file);
  }

  /** From now on files of this batch may come; it is durable before the first does. */
  begin({ id, name, program, collect }: RecordedBatch): void {
    try {
      ensureFolder(dirname(this.#file));
      this.#handle = openSync(this.#file, 'a');
      this.#write({ version: VERSION, begin: id, name, program, collect: [...collect] });
      fsyncSync(this.#handle);
      syncFolder(dirname(this.#file));
    } catch (cause) {
      throw fileError('write', this.#file, cause);
    }
  }

  give(entry: Given): void {
    this.#write(entry);
  }

  move(entry: Moved): void {
    this.#write(entry);
  }

  /** All files that came are in it. Never throws: without its end the next run looks at the files themselves. */
  end(id: string): void {
    if (this.#handle === undefined) return;
    try {
      this.#write({ end: id });
      fsyncSync(this.#handle);
    } catch {
      // A full disk: the batch counts as broken off.
    } finally {
      closeSync(this.#handle);
      this.#handle = undefined;
    }
  }

  #write(line: z.infer<typeof lineSchema>): void {
    if (this.#handle === undefined) throw new Error('the record is not open');
    // A line that a crash or a full disk cut short must not run into this one.
    const bytes = Buffer.from(`${this.#isTorn ? '\n' : ''}${JSON.stringify(line)}\n`);
    this.#isTorn = true;
    try {
      const written = writeSync(this.#handle, bytes);
      if (written < bytes.length) throw Object.assign(new Error('short write'), { code: 'ENOSPC' });
    } catch (cause) {
      throw fileError('write', this.#file, cause);
    }
    this.#isTorn = false;
    this.#fold(line);
  }

  #take(text: string, file: string): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return; // cut short by a crash; its batch is broken off
    }
    const { version } = z
      .object({ version: z.number().default(VERSION) })
      .catch({ version: VERSION })
      .parse(value);
    if (version > VERSION)
      throw new ManyhandsError('MH-GEN-007', {
        message: `${file} was written by a newer version of Manyhands. Please use that, or choose another folder with --out.`,
        meta: { file, version },
      });
    const line = lineSchema.safeParse(value);
    if (!line.success)
      throw new ManyhandsError('MH-GEN-013', {
        message: `${file} is damaged: ${shapeTrouble(line.error)}. Please move the folder ${dirname(file)} away; results that are there are recognised by their bytes.`,
        meta: { file },
      });
    this.#fold(line.data);
  }

  #fold(line: z.infer<typeof lineSchema>): void {
    if ('begin' in line) {
      const { begin: id, name, program, collect } = line;
      this.batches.set(id, { id, name, program, collect });
      this.broken.add(id);
    } else if ('end' in line) {
      this.broken.delete(line.end);
    } else if ('movedTo' in line) {
      if (this.given.get(line.unit)?.digest === line.digest) this.given.delete(line.unit);
      this.moved.set(line.unit, [...(this.moved.get(line.unit) ?? []), line]);
    } else {
      this.given.set(line.unit, line);
      const left = (this.moved.get(line.unit) ?? []).filter(({ digest }) => digest !== line.digest);
      if (left.length > 0) this.moved.set(line.unit, left);
      else this.moved.delete(line.unit);
    }
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw fileError('read', file, error);
  }
}

/** So that a name in it is as durable as the file. Not every system lets a folder be opened. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
