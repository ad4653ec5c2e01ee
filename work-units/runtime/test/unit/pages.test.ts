// Pages: the scanner finds exactly what changed, and the trees that are kept up to date equal trees made anew.
import { merkleLeafHash, merkleRoot } from '@manyhands/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentDigest } from '../../src/files/content-digest.js';
import { borrowedBytes, contents, emptyBytes, resize, writeAt } from '../../src/files/growing-bytes.js';
import { HashTree } from '../../src/pages/hash-tree.js';
import { MemoryTree } from '../../src/pages/memory-tree.js';
import { PageScanner } from '../../src/pages/page-scanner.js';

const PAGE = 4096;

/** The root as RFC 9162 defines it, from nothing. */
function rootOf(bytes: Uint8Array): Uint8Array {
  const leaves = Array.from({ length: Math.ceil(bytes.length / PAGE) }, (_, page) =>
    merkleLeafHash(bytes.subarray(page * PAGE, (page + 1) * PAGE)),
  );
  return leaves.length === 0 ? merkleLeafHash(new Uint8Array(0)) : merkleRoot(leaves);
}

function changedPages(scanner: PageScanner): number[] {
  const pages: number[] = [];
  scanner.forEachChanged((page) => pages.push(page));
  return pages;
}

function filledPages(scanner: PageScanner): number[] {
  const pages: number[] = [];
  scanner.forEachFilled((page) => pages.push(page));
  return pages;
}

describe('the scanner', () => {
  test('at first exactly the filled pages have changed, then none', () => {
    const memory = new WebAssembly.Memory({ initial: 3 });
    const bytes = new Uint8Array(memory.buffer);
    for (const [at, value] of [
      [0, 1],
      [2 * PAGE - 1, 128],
      [7 * PAGE + 16, 3],
    ] as const)
      bytes[at] = value;
    const scanner = new PageScanner(memory);
    expect(filledPages(scanner)).toEqual([0, 1, 7]);
    expect(changedPages(scanner)).toEqual([0, 1, 7]);
    expect(changedPages(scanner)).toEqual([]);
  });

  test('every single bit of a page counts, in a page of zeros and in one of noise', () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const bytes = new Uint8Array(memory.buffer);
    for (let at = PAGE; at < 2 * PAGE; at++) bytes[at] = (at * 167 + (at >> 3)) & 255;
    const scanner = new PageScanner(memory);
    changedPages(scanner);
    for (let bit = 0; bit < 2 * PAGE * 8; bit += 7) {
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(changedPages(scanner), `bit ${bit}`).toEqual([Math.floor(bit / 8 / PAGE)]);
    }
  });

  test('swapped words and pages count', () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const words = new Uint32Array(memory.buffer);
    words.set([1, 2, 3, 4, 5, 6, 7, 8]);
    words.set([9], PAGE / 4);
    const scanner = new PageScanner(memory);
    changedPages(scanner);
    words.set([2, 1]);
    expect(changedPages(scanner)).toEqual([0]);
    words.set([2, 1, 3, 4, 5, 6, 7, 8].reverse());
    expect(changedPages(scanner)).toEqual([0]);
    new Uint8Array(memory.buffer).copyWithin(PAGE, 0, PAGE);
    expect(changedPages(scanner)).toEqual([1]);
  });

  test('memory that grew begins with zeros; more pages than one call looks at', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 400 });
    const scanner = new PageScanner(memory);
    expect(changedPages(scanner)).toEqual([]);
    memory.grow(300);
    expect(changedPages(scanner)).toEqual([]);
    const touched = [0, 15, 16, 2047, 2048, 4095, 4096, 4815];
    for (const page of touched) new Uint8Array(memory.buffer)[page * PAGE + 100] = 1;
    expect(changedPages(scanner)).toEqual(touched);
    expect(filledPages(scanner)).toEqual(touched);
    memory.grow(99);
    new Uint8Array(memory.buffer)[4816 * PAGE] = 1;
    expect(changedPages(scanner)).toEqual([4816]);
  });
});

test('the tree of a memory, kept up to date, is the tree of its pages', () => {
  const write = fc.record({ at: fc.nat(64 * 65_536), value: fc.nat(255) });
  const turn = fc.record({ grow: fc.nat(3), writes: fc.array(write, { maxLength: 6 }) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.array(turn, { maxLength: 8 }), (initial, turns) => {
      const memory = new WebAssembly.Memory({ initial, maximum: 40 });
      const tree = new MemoryTree(memory, new PageScanner(memory));
      for (const { grow, writes } of turns) {
        memory.grow(grow);
        const bytes = new Uint8Array(memory.buffer);
        for (const { at, value } of writes) bytes[at % bytes.length] = value;
        expect(tree.root()).toEqual(rootOf(bytes));
      }
    }),
    { numRuns: 40 },
  );
});

test('leaves come and go', () => {
  const hashOf = (index: number): Uint8Array => merkleLeafHash(Uint8Array.of(index & 255, index >> 8));
  const zero = merkleLeafHash(new Uint8Array(PAGE));
  const turn = fc.record({ count: fc.nat(40), sets: fc.array(fc.tuple(fc.nat(39), fc.nat(999)), { maxLength: 8 }) });
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 10 }), (turns) => {
      const tree = new HashTree();
      let leaves: Uint8Array[] = [];
      for (const { count, sets } of turns) {
        tree.resize(count);
        leaves = Array.from({ length: count }, (_, index) => leaves[index] ?? zero);
        for (const [index, value] of sets) {
          if (index >= count) continue;
          tree.setLeaf(index, hashOf(value));
          leaves[index] = hashOf(value);
        }
        expect(tree.root()).toEqual(count === 0 ? merkleLeafHash(new Uint8Array(0)) : merkleRoot(leaves));
      }
    }),
  );
});

test('the digest of a content follows writes and changes of size', () => {
  const bytes = fc.uint8Array({ minLength: 0, maxLength: 3 * PAGE });
  const change = fc.oneof(
    fc.record({ kind: fc.constant('write' as const), at: fc.nat(6 * PAGE), bytes }),
    fc.record({ kind: fc.constant('resize' as const), size: fc.nat(6 * PAGE) }),
    fc.record({ kind: fc.constant('resize' as const), size: fc.nat(6).map((pages) => pages * PAGE) }),
  );
  fc.assert(
    fc.property(
      fc.option(bytes, { nil: null }),
      fc.array(fc.tuple(change, fc.boolean()), { maxLength: 12 }),
      (input, turns) => {
        const content = input === null ? emptyBytes() : borrowedBytes(input);
        const before = input?.slice();
        expect(contentDigest(content)).toEqual(rootOf(contents(content)));
        for (const [turn, isHashed] of turns) {
          if (turn.kind === 'write') writeAt(content, turn.at, [turn.bytes]);
          else resize(content, turn.size);
          if (isHashed) expect(contentDigest(content)).toEqual(rootOf(contents(content)));
        }
        expect(contentDigest(content)).toEqual(rootOf(contents(content)));
        expect(input ?? undefined).toEqual(before);
      },
    ),
    { numRuns: 150 },
  );
});
