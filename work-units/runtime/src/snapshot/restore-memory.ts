// A guest's memory from a snapshot.
import { ManyhandsError } from '@manyhands/contract';
import { PAGE_BYTES } from '../pages/page-kernel.js';
import type { PageScanner } from '../pages/page-scanner.js';
import { refusal } from './reading.js';

const WASM_PAGE_BYTES = 65_536;

/** `pages`: the bytes of the filled pages, one after the other. */
export type MemorySnapshot = { memorySizeBytes: number; filledPages: readonly number[]; pages: Uint8Array };

/**
 * Makes a fresh instance's memory what it was. Only pages that are filled, in the instance or in the snapshot, are touched. Throws ManyhandsError MH-CKP-001
 * for a size that the module cannot have, MH-HOST-001 when this host has not that much memory.
 */
export function restoreMemory(memory: WebAssembly.Memory, scanner: PageScanner, snapshot: MemorySnapshot): void {
  const { memorySizeBytes, filledPages, pages } = snapshot;
  const missingBytes = memorySizeBytes - memory.buffer.byteLength;
  if (missingBytes < 0) throw refusal('MH-CKP-001', 'its memory is smaller than the module begins with');
  const fresh = new Uint8Array(memory.buffer);
  scanner.forEachFilled((page) => fresh.fill(0, page * PAGE_BYTES, (page + 1) * PAGE_BYTES));
  if (missingBytes > 0) grow(memory, missingBytes / WASM_PAGE_BYTES);
  const bytes = new Uint8Array(memory.buffer);
  for (const [index, page] of filledPages.entries())
    bytes.set(pages.subarray(index * PAGE_BYTES, (index + 1) * PAGE_BYTES), page * PAGE_BYTES);
}

function grow(memory: WebAssembly.Memory, pageCount: number): void {
  try {
    memory.grow(pageCount);
  } catch (cause) {
    throw new ManyhandsError('MH-HOST-001', { cause });
  }
}
