// The Merkle root over the pages of a guest's memory, kept up to date by hashing changed pages only.
import { HashTree } from './hash-tree.js';
import { pageLeafHash } from './page-hash.js';
import type { PageScanner } from './page-scanner.js';

export class MemoryTree {
  private readonly tree = new HashTree();
  /** Pages hashed since the start, for measurements. */
  hashedPageCount = 0;

  constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly scanner: PageScanner,
  ) {}

  /** The root over the memory as it is now. 32 bytes. */
  root(): Uint8Array {
    const bytes = new Uint8Array(this.memory.buffer);
    this.tree.resize(this.scanner.pageCount);
    this.scanner.forEachChanged((page) => {
      this.tree.setLeaf(page, pageLeafHash(bytes, page));
      this.hashedPageCount++;
    });
    return this.tree.root();
  }
}
