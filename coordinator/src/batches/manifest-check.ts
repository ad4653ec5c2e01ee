// Checks a manifest against its pages and inputs, page by page, without holding the event loop.
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  BLOCK_MAXIMUM_BYTES,
  type Cid,
  decodeFileList,
  decodeManifestPage,
  type FileRef,
  hasFileList,
  type ManifestRoot,
  ManyhandsError,
  UNITS_PER_PAGE,
} from '@manyhands/contract';
import { missingBlocks } from '../blocks/blocks.service.js';

/** What the check needs of the stored blocks. */
export type BlockReader = { sizeOf(cid: Cid): number | undefined; read(cid: Cid): Promise<Uint8Array> };

const MISSING_MAXIMUM = 1000;

/**
 * Returns every block that the batch needs besides its module and root.
 * Throws MH-BAT-002 (missing blocks), MH-BAT-003 (inconsistent), MH-BAT-006 (two units of one name).
 */
export async function checkManifest(root: ManifestRoot, reader: BlockReader): Promise<Set<Cid>> {
  assertRoot(root);
  const check = new ManifestCheck(reader);
  for (const { cid, sizeBytes } of root.common.files) await check.addFile({ cid, sizeBytes });
  const names = new Set<string>();
  for (const [pageIndex, cid] of root.pages.entries()) {
    if (!check.addBlock(cid)) continue;
    const page = decodeManifestPage(root, pageIndex, await reader.read(cid));
    for (const unit of page.units) {
      if (names.has(unit.name)) throw new ManyhandsError('MH-BAT-006', { meta: { name: unit.name } });
      names.add(unit.name);
      if (unit.stdin) await check.addFile(unit.stdin);
      for (const { cid: file, sizeBytes } of unit.files) await check.addFile({ cid: file, sizeBytes });
    }
    await nextTurn();
  }
  return check.finish();
}

class ManifestCheck {
  readonly #found = new Set<Cid>();
  readonly #missing = new Set<Cid>();
  readonly #files = new Set<string>();

  constructor(private readonly reader: BlockReader) {}

  /** False when the block is missing. */
  addBlock(cid: Cid, sizeBytes?: number): boolean {
    const stored = this.reader.sizeOf(cid);
    if (stored === undefined) {
      this.#missing.add(cid);
      if (this.#missing.size >= MISSING_MAXIMUM) throw missingBlocks([...this.#missing]);
      return false;
    }
    if (sizeBytes !== undefined && stored !== sizeBytes)
      throw inconsistent(`block ${cid} has ${stored} bytes, not ${sizeBytes}`);
    this.#found.add(cid);
    return true;
  }

  /** The same file is looked at once, however many units name it. */
  async addFile(ref: FileRef): Promise<void> {
    const key = `${ref.cid} ${ref.sizeBytes}`;
    if (this.#files.has(key)) return;
    this.#files.add(key);
    if (!hasFileList(ref)) {
      this.addBlock(ref.cid, ref.sizeBytes);
      return;
    }
    if (!this.addBlock(ref.cid)) return;
    const list = decodeFileList(ref, await this.reader.read(ref.cid));
    for (const [index, cid] of list.blocks.entries())
      this.addBlock(cid, Math.min(BLOCK_MAXIMUM_BYTES, ref.sizeBytes - index * BLOCK_MAXIMUM_BYTES));
  }

  finish(): Set<Cid> {
    if (this.#missing.size > 0) throw missingBlocks([...this.#missing]);
    return this.#found;
  }
}

function assertRoot({ pages, unitCount, common }: ManifestRoot): void {
  if (pages.length !== Math.ceil(unitCount / UNITS_PER_PAGE))
    throw inconsistent(`${unitCount} units do not make ${pages.length} pages`);
  if (new Set(pages).size !== pages.length) throw inconsistent('a page comes twice');
  const { collect } = common;
  if (collect.some((name, index) => index > 0 && name <= (collect[index - 1] as string)))
    throw inconsistent('the collected files are not sorted, or one comes twice');
}

function inconsistent(reason: string): ManyhandsError {
  return new ManyhandsError('MH-BAT-003', { message: `The manifest is inconsistent: ${reason}.`, meta: { reason } });
}
