// The names of units, read from the manifest's pages and kept for a while: the core knows units by index only.
import { decodeManifestPage, type ManifestRoot, manifestRootSchema, open, UNITS_PER_PAGE } from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import { BlocksService } from '../blocks/blocks.service.js';
import { Settings } from '../config/settings.js';
import { BatchesRepository, type BatchRow } from './batches.repository.js';

const ROOTS_KEPT = 64;
/** A page of 1,024 names of up to 255 characters. */
const PAGES_KEPT = 256;
/** Reading one takes some milliseconds. */
const PAGES_READ_MAXIMUM = 2;

@Injectable()
export class UnitNames {
  readonly #roots = new Map<number, ManifestRoot>();
  readonly #pages = new Map<string, Promise<string[]>>();

  constructor(
    private readonly settings: Settings,
    private readonly batches: BatchesRepository,
    private readonly blocks: BlocksService,
  ) {}

  /** The name of a unit; its index as text when the manifest was removed. */
  async nameOf(batch: BatchRow, index: number): Promise<string> {
    const [name] = await this.namesOf(batch, [index]);
    return name ?? String(index);
  }

  /**
   * The names of units: of all of them, or of the first ones, up to where too many pages of the manifest would have to be read for one answer.
   * Of one at least.
   */
  async namesOf(batch: BatchRow, indexes: readonly number[]): Promise<string[]> {
    if (batch.removedAtMs !== null) return indexes.map(String);
    const names: string[] = [];
    let readCount = 0;
    for (const index of indexes) {
      const pageIndex = Math.floor(index / UNITS_PER_PAGE);
      if (!this.#pages.has(keyOf(batch, pageIndex)) && ++readCount > PAGES_READ_MAXIMUM) break;
      const page = await this.page(batch, pageIndex);
      names.push(page[index % UNITS_PER_PAGE] ?? String(index));
    }
    return names;
  }

  private page(batch: BatchRow, pageIndex: number): Promise<string[]> {
    const key = keyOf(batch, pageIndex);
    const known = this.#pages.get(key);
    if (known) return known;
    const loading = this.load(batch, pageIndex);
    loading.catch(() => this.#pages.delete(key));
    return keep(this.#pages, key, { value: loading, maximum: PAGES_KEPT });
  }

  private async load(batch: BatchRow, pageIndex: number): Promise<string[]> {
    const root = this.root(batch);
    const cid = root?.pages[pageIndex];
    if (!root || !cid) return [];
    return decodeManifestPage(root, pageIndex, await this.blocks.read(cid)).units.map(({ name }) => name);
  }

  private root({ rowId }: BatchRow): ManifestRoot | undefined {
    const known = this.#roots.get(rowId);
    if (known) return known;
    const manifest = this.batches.envelopes(rowId)?.manifest;
    if (!manifest) return undefined;
    const context = { type: 'manifest', coordinatorId: this.settings.coordinatorId } as const;
    const opened = open(Uint8Array.from(manifest), context, { schema: manifestRootSchema });
    return opened.ok ? keep(this.#roots, rowId, { value: opened.value, maximum: ROOTS_KEPT }) : undefined;
  }
}

function keyOf({ rowId }: BatchRow, pageIndex: number): string {
  return `${rowId}/${pageIndex}`;
}

/** Adds to a bounded map; the oldest entry goes first. */
function keep<Key, Value>(map: Map<Key, Value>, key: Key, entry: { value: Value; maximum: number }): Value {
  const [oldest] = map.keys();
  if (map.size >= entry.maximum && oldest !== undefined) map.delete(oldest);
  map.set(key, entry.value);
  return entry.value;
}
