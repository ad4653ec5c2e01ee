// Every allowed instruction that takes and gives values only, by the type that it gives.
import type { ValueType } from './syntax.js';

export type Operation = { code: readonly number[]; takes: readonly ValueType[]; gives: ValueType };

const found: Operation[] = [];
const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

function plain(codes: readonly number[], takes: readonly ValueType[], gives: ValueType): void {
  for (const code of codes) found.push({ code: [code], takes, gives });
}

function prefixed(prefix: number, codes: readonly number[], takes: readonly ValueType[], gives: ValueType): void {
  for (const code of codes) found.push({ code: [prefix, code], takes, gives });
}

plain([0x45, 0x67, 0x68, 0x69, 0xc0, 0xc1], ['i32'], 'i32');
plain([...range(0x46, 0x4f), ...range(0x6a, 0x78)], ['i32', 'i32'], 'i32');
plain([0x50, 0xa7], ['i64'], 'i32');
plain(range(0x51, 0x5a), ['i64', 'i64'], 'i32');
plain(range(0x5b, 0x60), ['f32', 'f32'], 'i32');
plain(range(0x61, 0x66), ['f64', 'f64'], 'i32');
plain([0x79, 0x7a, 0x7b, 0xc2, 0xc3, 0xc4], ['i64'], 'i64');
plain(range(0x7c, 0x8a), ['i64', 'i64'], 'i64');
plain([0xa8, 0xa9, 0xbc], ['f32'], 'i32');
plain([0xaa, 0xab], ['f64'], 'i32');
plain([0xac, 0xad], ['i32'], 'i64');
plain([0xae, 0xaf], ['f32'], 'i64');
plain([0xb0, 0xb1, 0xbd], ['f64'], 'i64');
plain([...range(0x8b, 0x91)], ['f32'], 'f32');
plain(range(0x92, 0x98), ['f32', 'f32'], 'f32');
plain(range(0x99, 0x9f), ['f64'], 'f64');
plain(range(0xa0, 0xa6), ['f64', 'f64'], 'f64');
plain([0xb2, 0xb3, 0xbe], ['i32'], 'f32');
plain([0xb4, 0xb5], ['i64'], 'f32');
plain([0xb6], ['f64'], 'f32');
plain([0xb7, 0xb8], ['i32'], 'f64');
plain([0xb9, 0xba, 0xbf], ['i64'], 'f64');
plain([0xbb], ['f32'], 'f64');
for (const type of ['i32', 'i64', 'f32', 'f64'] as const) plain([0x1b], [type, type, 'i32'], type);
prefixed(0xfc, [0, 1], ['f32'], 'i32');
prefixed(0xfc, [2, 3], ['f64'], 'i32');
prefixed(0xfc, [4, 5], ['f32'], 'i64');
prefixed(0xfc, [6, 7], ['f64'], 'i64');

const VECTOR_TO_VECTOR = [
  ...[77, 94, 95, 96, 97, 98, 103, 104, 105, 106, 116, 117, 122, ...range(124, 129), ...range(135, 138), 148, 160, 161],
  ...[...range(167, 170), 192, 193, ...range(199, 202), 224, 225, 227, 236, 237, 239, ...range(248, 255)],
];
const TWO_VECTORS = [
  ...[14, ...range(35, 76), ...range(78, 81), 101, 102, ...range(110, 115), ...range(118, 121), 123, 130, 133, 134],
  ...[...range(142, 147), ...range(149, 153), ...range(155, 159), 174, 177, ...range(181, 186), ...range(188, 191)],
  ...[206, 209, ...range(213, 223), ...range(228, 235), ...range(240, 247)],
];
prefixed(0xfd, VECTOR_TO_VECTOR, ['v128'], 'v128');
prefixed(0xfd, TWO_VECTORS, ['v128', 'v128'], 'v128');
prefixed(0xfd, [82], ['v128', 'v128', 'v128'], 'v128');
prefixed(0xfd, [83, 99, 100, 131, 132, 163, 164, 195, 196], ['v128'], 'i32');
const SHIFTS = [107, 108, 109, 139, 140, 141, 171, 172, 173, 203, 204, 205];
prefixed(0xfd, SHIFTS, ['v128', 'i32'], 'v128');
prefixed(0xfd, [15, 16, 17], ['i32'], 'v128');
prefixed(0xfd, [18], ['i64'], 'v128');
prefixed(0xfd, [19], ['f32'], 'v128');
prefixed(0xfd, [20], ['f64'], 'v128');

export const OPERATIONS: readonly Operation[] = found;

export const OPERATIONS_BY_TYPE: Readonly<Record<ValueType, readonly Operation[]>> = {
  i32: found.filter(({ gives }) => gives === 'i32'),
  i64: found.filter(({ gives }) => gives === 'i64'),
  f32: found.filter(({ gives }) => gives === 'f32'),
  f64: found.filter(({ gives }) => gives === 'f64'),
  v128: found.filter(({ gives }) => gives === 'v128'),
};

/** Lane instructions: how many lanes there are, what they take beside the vector and what they give. */
export type LaneOperation = Operation & { lanes: number };
const lane = (code: number, lanes: number, takes: readonly ValueType[], gives: ValueType): LaneOperation => ({
  code: [0xfd, code],
  lanes,
  takes,
  gives,
});
export const LANE_OPERATIONS: readonly LaneOperation[] = [
  ...[lane(21, 16, ['v128'], 'i32'), lane(22, 16, ['v128'], 'i32'), lane(23, 16, ['v128', 'i32'], 'v128')],
  ...[lane(24, 8, ['v128'], 'i32'), lane(25, 8, ['v128'], 'i32'), lane(26, 8, ['v128', 'i32'], 'v128')],
  ...[lane(27, 4, ['v128'], 'i32'), lane(28, 4, ['v128', 'i32'], 'v128')],
  ...[lane(29, 2, ['v128'], 'i64'), lane(30, 2, ['v128', 'i64'], 'v128')],
  ...[lane(31, 4, ['v128'], 'f32'), lane(32, 4, ['v128', 'f32'], 'v128')],
  ...[lane(33, 2, ['v128'], 'f64'), lane(34, 2, ['v128', 'f64'], 'v128')],
];

/** Loads by type; the last number is the largest alignment as a power of two. */
export const LOADS: Readonly<Record<ValueType, readonly (readonly [readonly number[], number])[]>> = {
  i32: [
    [[0x28], 2],
    [[0x2c], 0],
    [[0x2d], 0],
    [[0x2e], 1],
    [[0x2f], 1],
  ],
  i64: [
    [[0x29], 3],
    [[0x30], 0],
    [[0x31], 0],
    [[0x32], 1],
    [[0x33], 1],
    [[0x34], 2],
    [[0x35], 2],
  ],
  f32: [[[0x2a], 2]],
  f64: [[[0x2b], 3]],
  v128: [
    [[0xfd, 0], 4],
    ...range(1, 6).map((code) => [[0xfd, code], 3] as const),
    ...[[[0xfd, 7], 0] as const, [[0xfd, 8], 1] as const, [[0xfd, 9], 2] as const, [[0xfd, 10], 3] as const],
    ...[[[0xfd, 92], 2] as const, [[0xfd, 93], 3] as const],
  ],
};

export const STORES: Readonly<Record<ValueType, readonly (readonly [readonly number[], number])[]>> = {
  i32: [
    [[0x36], 2],
    [[0x3a], 0],
    [[0x3b], 1],
  ],
  i64: [
    [[0x37], 3],
    [[0x3c], 0],
    [[0x3d], 1],
    [[0x3e], 2],
  ],
  f32: [[[0x38], 2]],
  f64: [[[0x39], 3]],
  v128: [[[0xfd, 11], 4]],
};

/** Loads and stores of one lane: code, number of lanes and alignment. */
export const LANE_LOADS = [
  [84, 16, 0],
  [85, 8, 1],
  [86, 4, 2],
  [87, 2, 3],
] as const;
export const LANE_STORES = [
  [88, 16, 0],
  [89, 8, 1],
  [90, 4, 2],
  [91, 2, 3],
] as const;
