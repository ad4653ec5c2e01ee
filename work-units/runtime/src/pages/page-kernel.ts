// A small WebAssembly module that finds changed and non-zero pages of a guest's memory at the speed of the memory.
//
// Changes are found by a keyed hash instead of a copy: NH with 32-bit words and one Toeplitz repetition (Black, Halevi, Krawczyk, Krovetz, Rogaway:
// "UMAC: fast and secure message authentication", 1999). For keys that the guest does not know, two different pages have the same 128-bit sum with a
// probability of at most 2^-64. The guest never sees keys or sums, nor, in time to react, whether a change was noticed.
import {
  ADD,
  ADD_DOUBLES,
  ADD_WORDS,
  ANY_BIT,
  BLOCK,
  brIf,
  END,
  get,
  I32,
  IF,
  IS_ZERO,
  i32,
  LESS_UNSIGNED,
  LOOP,
  loadVector,
  MULTIPLY_HIGH,
  MULTIPLY_LOW,
  name,
  OR,
  SHIFT_LEFT,
  SUBTRACT,
  section,
  set,
  shuffle,
  storeVector,
  storeWord,
  tee,
  uleb,
  V128,
  vector,
  XOR,
  ZERO_VECTOR,
} from './wasm-bytes.js';

export const PAGE_BYTES = 4096;
/** Pages of one call; the list of its answer fits the room left for it. */
export const SCAN_PAGES = 2048;
/** Keys, from the start of the kernel's own memory: a page and the 16 bytes that the repetition is shifted by. */
export const KEY_BYTES = PAGE_BYTES + 16;
/** Page numbers of the answer, 4 bytes each. */
export const LIST_OFFSET = 8192;
/** Sums of the pages, 16 bytes each, by page number. */
export const SUMS_OFFSET = 16384;
export const SUM_BYTES = 16;

const GUEST = 0;
const OWN = 1;
const LOW_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const HIGH_HALVES = [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31];

// Locals of both functions: parameters first.
const [PAGE, COUNT, AT, OFFSET, LISTED, SUM_AT] = [0, 1, 2, 3, 4, 5] as const;
const [LEFT, RIGHT, FIRST, SECOND, KEY, KEY_NEXT, KEY_AFTER, SUM_LEFT, SUM_RIGHT] = [
  6, 7, 8, 9, 10, 11, 12, 13, 14,
] as const;
const LOCALS = [...uleb(2), 4, I32, 9, V128];

const append = [
  ...get(LISTED),
  ...get(PAGE),
  ...storeWord(OWN, LIST_OFFSET),
  ...get(LISTED),
  ...i32(4),
  ...ADD,
  ...set(LISTED),
];
const advance = (local: number, by: number): number[] => [...get(local), ...i32(by), ...ADD, ...set(local)];

/** `accumulator += low and high products of (LEFT + key) and (RIGHT + otherKey)`. */
const accumulate = (accumulator: number, key: number, otherKey: number): number[] => [
  ...get(accumulator),
  ...[...get(LEFT), ...get(key), ...ADD_WORDS, ...tee(SUM_LEFT)],
  ...[...get(RIGHT), ...get(otherKey), ...ADD_WORDS, ...tee(SUM_RIGHT)],
  ...MULTIPLY_LOW,
  ...ADD_DOUBLES,
  ...[...get(SUM_LEFT), ...get(SUM_RIGHT), ...MULTIPLY_HIGH, ...ADD_DOUBLES],
  ...set(accumulator),
];

/** Runs `body` for each page from PAGE on, COUNT times; AT is the address of the page. Answers with the number of pages listed. */
const forEachPage = (body: readonly number[]): number[] => [
  ...[...BLOCK, ...get(COUNT), ...IS_ZERO, ...brIf(0)],
  ...LOOP,
  ...[...get(PAGE), ...i32(12), ...SHIFT_LEFT, ...set(AT), ...i32(0), ...set(OFFSET)],
  ...body,
  ...advance(PAGE, 1),
  ...[...get(COUNT), ...i32(1), ...SUBTRACT, ...tee(COUNT), ...brIf(0)],
  ...[...END, ...END],
  ...[...get(LISTED), ...i32(2), 0x76 /* shift right */],
];

/** Runs `body` for every 32 bytes of the page. */
const forEachStep = (body: readonly number[]): number[] => [
  ...LOOP,
  ...body,
  ...advance(AT, 32),
  ...[...get(OFFSET), ...i32(32), ...ADD, ...tee(OFFSET), ...i32(PAGE_BYTES), ...LESS_UNSIGNED, ...brIf(0)],
  ...END,
];

const loadStep = [
  ...get(AT),
  ...loadVector(GUEST, 0),
  ...set(LEFT),
  ...get(AT),
  ...loadVector(GUEST, 16),
  ...set(RIGHT),
];

/** changed(page, count): sums the pages, stores each new sum, lists the pages whose sum was another. */
const changed = forEachPage([
  ...[...ZERO_VECTOR, ...tee(FIRST), ...set(SECOND), ...i32(0), ...loadVector(OWN, 0), ...set(KEY)],
  ...forEachStep([
    ...loadStep,
    ...[...get(OFFSET), ...loadVector(OWN, 16), ...set(KEY_NEXT)],
    ...[...get(OFFSET), ...loadVector(OWN, 32), ...set(KEY_AFTER)],
    ...accumulate(FIRST, KEY, KEY_NEXT),
    ...accumulate(SECOND, KEY_NEXT, KEY_AFTER),
    ...[...get(KEY_AFTER), ...set(KEY)],
  ]),
  ...[...get(FIRST), ...get(SECOND), ...shuffle(LOW_HALVES)],
  ...[...get(FIRST), ...get(SECOND), ...shuffle(HIGH_HALVES), ...ADD_DOUBLES, ...set(FIRST)],
  ...[...get(PAGE), ...i32(4), ...SHIFT_LEFT, ...tee(SUM_AT), ...loadVector(OWN, SUMS_OFFSET)],
  ...[...get(FIRST), ...XOR, ...ANY_BIT, ...IF],
  ...[...get(SUM_AT), ...get(FIRST), ...storeVector(OWN, SUMS_OFFSET), ...append],
  ...END,
]);

/** filled(page, count): lists the pages that hold anything but zeros. */
const filled = forEachPage([
  ...[...ZERO_VECTOR, ...set(FIRST)],
  ...forEachStep([...loadStep, ...get(FIRST), ...get(LEFT), ...OR, ...get(RIGHT), ...OR, ...set(FIRST)]),
  ...[...get(FIRST), ...ANY_BIT, ...IF, ...append, ...END],
]);

const sized = (code: readonly number[]): number[] => {
  const body = [...LOCALS, ...code, ...END];
  return [...uleb(body.length), ...body];
};

/** The module: imports `guest.memory` and `own.memory`, exports `changed` and `filled`, both (first page, number of pages) -> pages listed. */
export function kernelBytes(): Uint8Array<ArrayBuffer> {
  const memory = (from: string): number[] => [...name(from), ...name('memory'), 2, 0, 0];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector([[0x60, 2, I32, I32, 1, I32]])),
    ...section(2, vector([memory('guest'), memory('own')])),
    ...section(3, vector([[0], [0]])),
    ...section(
      7,
      vector([
        [...name('changed'), 0, 0],
        [...name('filled'), 0, 1],
      ]),
    ),
    ...section(10, vector([sized(changed), sized(filled)])),
  ]);
}
