// Which pages of a guest's memory have changed since the last look, and which are not zero. Keeps 16 bytes a page, never a copy.
import { KEY_BYTES, kernelBytes, LIST_OFFSET, PAGE_BYTES, SCAN_PAGES, SUM_BYTES, SUMS_OFFSET } from './page-kernel.js';

const WASM_PAGE_BYTES = 65_536;

type Scan = (firstPage: number, pageCount: number) => number;

/** Compiled once for each process; the keys too are of this process, random and secret. */
let shared: { module: WebAssembly.Module; keys: Uint8Array } | undefined;

function sharedKernel(): { module: WebAssembly.Module; keys: Uint8Array } {
  shared ??= {
    module: new WebAssembly.Module(kernelBytes()),
    keys: crypto.getRandomValues(new Uint8Array(KEY_BYTES)),
  };
  return shared;
}

/** Looks at one guest's memory. At first every page counts as zero. Throws RangeError when this host has no memory left for the sums. */
export class PageScanner {
  private readonly own = new WebAssembly.Memory({ initial: 1 });
  private readonly changed: Scan;
  private readonly filled: Scan;
  private readonly zeroSum: Uint8Array;
  private summedPages = 0;

  constructor(private readonly guest: WebAssembly.Memory) {
    const { module, keys } = sharedKernel();
    new Uint8Array(this.own.buffer).set(keys);
    const { exports } = new WebAssembly.Instance(module, { guest: { memory: guest }, own: { memory: this.own } });
    this.changed = exports.changed as Scan;
    this.filled = exports.filled as Scan;
    this.zeroSum = zeroSumOf(keys);
  }

  get pageCount(): number {
    return this.guest.buffer.byteLength / PAGE_BYTES;
  }

  /** Calls back with the numbers of pages that differ from what they were at the last call, in ascending order. */
  forEachChanged(use: (page: number) => void): void {
    this.makeRoom();
    this.forEachListed(this.changed, use);
  }

  /** Calls back with the numbers of pages that are not all zeros, in ascending order. */
  forEachFilled(use: (page: number) => void): void {
    this.forEachListed(this.filled, use);
  }

  private forEachListed(scan: Scan, use: (page: number) => void): void {
    const total = this.pageCount;
    for (let first = 0; first < total; first += SCAN_PAGES) {
      const listed = scan(first, Math.min(SCAN_PAGES, total - first));
      const list = new DataView(this.own.buffer, LIST_OFFSET, listed * 4);
      for (let index = 0; index < listed; index++) use(list.getUint32(index * 4, true));
    }
  }

  /** Grows the table of sums with the guest; new pages are zero, so that their sums are known. */
  private makeRoom(): void {
    const total = this.pageCount;
    if (total === this.summedPages) return;
    const missing = SUMS_OFFSET + total * SUM_BYTES - this.own.buffer.byteLength;
    if (missing > 0) this.own.grow(Math.ceil(missing / WASM_PAGE_BYTES));
    const sums = new Uint8Array(this.own.buffer, SUMS_OFFSET, total * SUM_BYTES);
    const from = this.summedPages * SUM_BYTES;
    sums.set(this.zeroSum, from);
    for (let filled = SUM_BYTES; from + filled < sums.length; filled *= 2)
      sums.copyWithin(from + filled, from, Math.min(from + filled, sums.length - filled));
    this.summedPages = total;
  }
}

/** The sum of a page of zeros: the products of the keys alone. */
function zeroSumOf(keys: Uint8Array): Uint8Array {
  const words = new DataView(keys.buffer, keys.byteOffset, keys.byteLength);
  const sum = new DataView(new ArrayBuffer(SUM_BYTES));
  for (const [half, shift] of [0, 16].entries()) {
    let total = 0n;
    for (let block = shift; block < PAGE_BYTES + shift; block += 32)
      for (let word = block; word < block + 16; word += 4)
        total += BigInt(words.getUint32(word, true)) * BigInt(words.getUint32(word + 16, true));
    sum.setBigUint64(half * 8, BigInt.asUintN(64, total), true);
  }
  return new Uint8Array(sum.buffer);
}
