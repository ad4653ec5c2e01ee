// Builds that were made before, by the hash of what they were made of: instrumenting a large program takes a minute.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSchema, encodeDagCbor, equalBytes, sha256, toBase32 } from '@manyhands/contract';
import { type BuiltApp, INSTRUMENTER } from '@manyhands/instrument';
import { z } from 'zod';
import { readRecord, writeRecord } from '../kept/data-directory.js';
import { buildsOf } from './builds.js';

/** Programs whose builds are kept; the ones used longest ago leave. */
const KEPT_PROGRAMS_MAXIMUM = 32;
const RECORD = 'build.json';

type Bounds = { memoryMaximumBytes: number; moduleMaximumBytes: number };
type Facts = Omit<BuiltApp, 'builds'>;

const recordSchema = z.object({
  version: z.literal(1),
  /** Lower-case hex by the name of the build. */
  digests: z.partialRecord(buildSchema, z.string()),
  facts: z.custom<Facts>((value) => typeof value === 'object' && value !== null),
});

/** One folder of builds. Whatever is damaged, half written or gone is made again. */
export class BuildCache {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The builds of a module, every byte as it was written. */
  async find(original: Uint8Array, bounds: Bounds): Promise<BuiltApp | undefined> {
    const folder = this.#folderOf(original, bounds);
    try {
      const record = await readRecord(join(folder, RECORD), recordSchema);
      if (!record) return undefined;
      const builds: Record<string, Uint8Array> = {};
      for (const [name, digest] of Object.entries(record.digests)) {
        const bytes = new Uint8Array(await readFile(join(folder, `${name}.wasm`)));
        if (!equalBytes(sha256(bytes), Buffer.from(String(digest), 'hex'))) return undefined;
        builds[name] = bytes;
      }
      const isWhole = 'step' in builds || ('nonleaf' in builds && 'all' in builds);
      if (!isWhole) return undefined;
      await utimes(folder, new Date(), new Date());
      return { ...record.facts, builds: builds as BuiltApp['builds'] };
    } catch {
      return undefined;
    }
  }

  /** Keeps builds, whole or not at all. A folder that can't be written costs time, never the work: nothing is thrown. */
  async keep(original: Uint8Array, bounds: Bounds, built: BuiltApp): Promise<void> {
    const folder = this.#folderOf(original, bounds);
    const temporary = `${folder}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      await mkdir(temporary, { recursive: true, mode: 0o700 });
      const digests: Record<string, string> = {};
      for (const [name, bytes] of buildsOf(built)) {
        await writeFile(join(temporary, `${name}.wasm`), bytes);
        digests[name] = Buffer.from(sha256(bytes)).toString('hex');
      }
      const { builds: _, ...facts } = built;
      await writeRecord(join(temporary, RECORD), { version: 1, digests, facts });
      await rm(folder, { recursive: true, force: true });
      await rename(temporary, folder);
      await this.#prune();
    } catch {
      await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    }
  }

  #folderOf(original: Uint8Array, { memoryMaximumBytes, moduleMaximumBytes }: Bounds): string {
    const made = [INSTRUMENTER, sha256(original), memoryMaximumBytes, moduleMaximumBytes];
    return join(this.#directory, toBase32(sha256(encodeDagCbor(made))));
  }

  async #prune(): Promise<void> {
    const folders = (await readdir(this.#directory, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    const dated = await Promise.all(
      folders.map(async ({ name }) => ({ name, usedAtMs: (await stat(join(this.#directory, name))).mtimeMs })),
    );
    dated.sort((left, right) => right.usedAtMs - left.usedAtMs);
    for (const { name } of dated.slice(KEPT_PROGRAMS_MAXIMUM))
      await rm(join(this.#directory, name), { recursive: true, force: true });
  }
}
