// Every allowed operation with the types of its operands and its result, for tests that go through all of them.
import { T, type ValueType } from './value-types.js';

export type Operation = {
  name: string;
  /** With all immediates; loads and stores have offset 0. */
  code: readonly number[];
  parameters: readonly ValueType[];
  /** Null for stores. */
  result: ValueType | null;
  isMemory: boolean;
};

const LETTERS: Readonly<Record<string, ValueType>> = { i: T.i32, I: T.i64, f: T.f32, F: T.f64, v: T.v128 };

/** `ii>i`: operands and result by letter. */
function signature(letters: string): { parameters: ValueType[]; result: ValueType | null } {
  const [parameters = '', result = ''] = letters.split('>');
  return {
    parameters: [...parameters].map((letter) => LETTERS[letter] as ValueType),
    result: LETTERS[result] ?? null,
  };
}

const PLAIN: readonly (readonly [first: number, last: number, signature: string])[] = [
  [0x45, 0x45, 'i>i'],
  [0x46, 0x4f, 'ii>i'],
  [0x50, 0x50, 'I>i'],
  [0x51, 0x5a, 'II>i'],
  [0x5b, 0x60, 'ff>i'],
  [0x61, 0x66, 'FF>i'],
  [0x67, 0x69, 'i>i'],
  [0x6a, 0x78, 'ii>i'],
  [0x79, 0x7b, 'I>I'],
  [0x7c, 0x8a, 'II>I'],
  [0x8b, 0x91, 'f>f'],
  [0x92, 0x98, 'ff>f'],
  [0x99, 0x9f, 'F>F'],
  [0xa0, 0xa6, 'FF>F'],
  [0xa7, 0xa7, 'I>i'],
  [0xa8, 0xa9, 'f>i'],
  [0xaa, 0xab, 'F>i'],
  [0xac, 0xad, 'i>I'],
  [0xae, 0xaf, 'f>I'],
  [0xb0, 0xb1, 'F>I'],
  [0xb2, 0xb3, 'i>f'],
  [0xb4, 0xb5, 'I>f'],
  [0xb6, 0xb6, 'F>f'],
  [0xb7, 0xb8, 'i>F'],
  [0xb9, 0xba, 'I>F'],
  [0xbb, 0xbb, 'f>F'],
  [0xbc, 0xbc, 'f>i'],
  [0xbd, 0xbd, 'F>I'],
  [0xbe, 0xbe, 'i>f'],
  [0xbf, 0xbf, 'I>F'],
  [0xc0, 0xc1, 'i>i'],
  [0xc2, 0xc4, 'I>I'],
];

const SATURATING = ['f>i', 'f>i', 'F>i', 'F>i', 'f>I', 'f>I', 'F>I', 'F>I'];

const MEMORY: readonly (readonly [first: number, last: number, signature: string])[] = [
  [0x28, 0x28, 'i>i'],
  [0x29, 0x29, 'i>I'],
  [0x2a, 0x2a, 'i>f'],
  [0x2b, 0x2b, 'i>F'],
  [0x2c, 0x2f, 'i>i'],
  [0x30, 0x35, 'i>I'],
  [0x36, 0x36, 'ii>'],
  [0x37, 0x37, 'iI>'],
  [0x38, 0x38, 'if>'],
  [0x39, 0x39, 'iF>'],
  [0x3a, 0x3b, 'ii>'],
  [0x3c, 0x3e, 'iI>'],
];

/** Behind 0xfd, without loads and stores. What is not listed and not free takes two vectors and gives one. */
const VECTOR: readonly (readonly [numbers: readonly number[], signature: string, lanes?: number])[] = [
  [[15, 16, 17], 'i>v'],
  [[18], 'I>v'],
  [[19], 'f>v'],
  [[20], 'F>v'],
  [[21, 22], 'v>i', 16],
  [[23], 'vi>v', 16],
  [[24, 25], 'v>i', 8],
  [[26], 'vi>v', 8],
  [[27], 'v>i', 4],
  [[28], 'vi>v', 4],
  [[29], 'v>I', 2],
  [[30], 'vI>v', 2],
  [[31], 'v>f', 4],
  [[32], 'vf>v', 4],
  [[33], 'v>F', 2],
  [[34], 'vF>v', 2],
  [[82], 'vvv>v'],
  [[83, 99, 100, 131, 132, 163, 164, 195, 196], 'v>i'],
  [[107, 108, 109, 139, 140, 141, 171, 172, 173, 203, 204, 205], 'vi>v'],
  [
    [
      77, 94, 95, 96, 97, 98, 103, 104, 105, 106, 116, 117, 122, 124, 125, 126, 127, 128, 129, 135, 136, 137, 138, 148,
      160, 161, 167, 168, 169, 170, 192, 193, 199, 200, 201, 202, 224, 225, 227, 236, 237, 239, 248, 249, 250, 251, 252,
      253, 254, 255,
    ],
    'v>v',
  ],
];

/** Numbers behind 0xfd that mean nothing, and relaxed forms. */
const FREE: readonly number[] = [
  154, 162, 165, 166, 175, 176, 178, 179, 180, 187, 194, 197, 198, 207, 208, 210, 211, 212, 226, 238,
];

const vectorCode = (number: number): number[] => (number < 128 ? [0xfd, number] : [0xfd, (number & 0x7f) | 0x80, 1]);

function vectorOperations(): Operation[] {
  const listed = new Map(
    VECTOR.flatMap(([numbers, letters, lanes]) => numbers.map((n) => [n, { letters, lanes }] as const)),
  );
  const operations: Operation[] = [];
  for (let number = 13; number < 256; number++) {
    if (FREE.includes(number) || (number >= 84 && number <= 93)) continue;
    const { letters, lanes } = listed.get(number) ?? { letters: 'vv>v', lanes: undefined };
    const immediates = number === 13 ? [0, 17, 2, 19, 4, 21, 6, 23, 8, 25, 10, 27, 12, 29, 14, 31] : [];
    const lane = lanes === undefined ? [] : [lanes - 1];
    operations.push({
      name: `vector ${number}`,
      code: [...vectorCode(number), ...immediates, ...lane],
      ...signature(letters),
      isMemory: false,
    });
  }
  return operations;
}

function vectorMemory(): Operation[] {
  const make = (number: number, letters: string, lane: readonly number[]): Operation => ({
    name: `vector memory ${number}`,
    code: [0xfd, number, 0, 0, ...lane],
    ...signature(letters),
    isMemory: true,
  });
  const loads = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 92, 93].map((number) => make(number, 'i>v', []));
  const lanes = [84, 85, 86, 87].map((number) => make(number, 'iv>v', [1]));
  const stores = [88, 89, 90, 91].map((number) => make(number, 'iv>', [1]));
  return [...loads, ...lanes, make(11, 'iv>', []), ...stores];
}

function ranged(
  rules: readonly (readonly [first: number, last: number, signature: string])[],
  isMemory: boolean,
): Operation[] {
  return rules.flatMap(([first, last, letters]) =>
    Array.from({ length: last - first + 1 }, (_, offset) => ({
      name: `0x${(first + offset).toString(16)}`,
      code: isMemory ? [first + offset, 0, 0] : [first + offset],
      ...signature(letters),
      isMemory,
    })),
  );
}

/** All but control flow, calls, locals, globals, constants, size, growth and bulk memory. */
export const OPERATIONS: readonly Operation[] = [
  ...ranged(PLAIN, false),
  ...SATURATING.map((letters, number) => ({
    name: `saturating ${number}`,
    code: [0xfc, number],
    ...signature(letters),
    isMemory: false,
  })),
  ...vectorOperations(),
  ...ranged(MEMORY, true),
  ...vectorMemory(),
];
