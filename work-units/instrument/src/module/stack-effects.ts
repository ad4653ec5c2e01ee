// How many values each instruction takes from the operand stack and puts there. Control flow, calls and locals' types are looked at elsewhere.
import { Opcode } from './opcodes.js';

/** Values taken and values given. */
export type StackEffect = readonly [taken: number, given: number];

type Rule = readonly [first: number, last: number, taken: number, given: number];

const PLAIN: readonly Rule[] = [
  [0x0d, 0x0d, 1, 0],
  [0x1a, 0x1a, 1, 0],
  [0x1b, 0x1c, 3, 1],
  [0x20, 0x20, 0, 1],
  [0x21, 0x21, 1, 0],
  [0x22, 0x22, 1, 1],
  [0x23, 0x23, 0, 1],
  [0x24, 0x24, 1, 0],
  [0x28, 0x35, 1, 1],
  [0x36, 0x3e, 2, 0],
  [0x3f, 0x3f, 0, 1],
  [0x40, 0x40, 1, 1],
  [0x41, 0x44, 0, 1],
  [0x45, 0x45, 1, 1],
  [0x46, 0x4f, 2, 1],
  [0x50, 0x50, 1, 1],
  [0x51, 0x66, 2, 1],
  [0x67, 0x69, 1, 1],
  [0x6a, 0x78, 2, 1],
  [0x79, 0x7b, 1, 1],
  [0x7c, 0x8a, 2, 1],
  [0x8b, 0x91, 1, 1],
  [0x92, 0x98, 2, 1],
  [0x99, 0x9f, 1, 1],
  [0xa0, 0xa6, 2, 1],
  [0xa7, 0xc4, 1, 1],
];

const MISCELLANEOUS: readonly Rule[] = [
  [0, 7, 1, 1],
  [8, 8, 3, 0],
  [9, 9, 0, 0],
  [10, 11, 3, 0],
];

/** What is not listed takes two values and gives one. */
const VECTOR: readonly Rule[] = [
  [0, 10, 1, 1],
  [11, 11, 2, 0],
  [12, 12, 0, 1],
  [15, 22, 1, 1],
  [24, 25, 1, 1],
  [27, 27, 1, 1],
  [29, 29, 1, 1],
  [31, 31, 1, 1],
  [33, 33, 1, 1],
  [77, 77, 1, 1],
  [82, 82, 3, 1],
  [83, 83, 1, 1],
  [88, 91, 2, 0],
  [92, 100, 1, 1],
  [103, 106, 1, 1],
  [116, 117, 1, 1],
  [122, 122, 1, 1],
  [124, 129, 1, 1],
  [131, 132, 1, 1],
  [135, 138, 1, 1],
  [148, 148, 1, 1],
  [160, 164, 1, 1],
  [167, 170, 1, 1],
  [192, 196, 1, 1],
  [199, 202, 1, 1],
  [224, 227, 1, 1],
  [236, 239, 1, 1],
  [248, 255, 1, 1],
];

const NONE: StackEffect = [0, 0];
const BINARY: StackEffect = [2, 1];

function table(rules: readonly Rule[], otherwise: StackEffect): readonly StackEffect[] {
  const effects: StackEffect[] = Array.from({ length: 256 }, () => otherwise);
  for (const [first, last, taken, given] of rules)
    for (let opcode = first; opcode <= last; opcode++) effects[opcode] = [taken, given];
  return effects;
}

const PLAIN_EFFECTS = table(PLAIN, NONE);
const MISCELLANEOUS_EFFECTS = table(MISCELLANEOUS, NONE);
const VECTOR_EFFECTS = table(VECTOR, BINARY);

/** Of instructions that do not change the flow of control; `minor` is the number behind a prefix. */
export function stackEffect(opcode: number, minor: number): StackEffect {
  if (opcode === Opcode.vector) return VECTOR_EFFECTS[minor] ?? BINARY;
  return (opcode === Opcode.miscellaneous ? MISCELLANEOUS_EFFECTS[minor] : PLAIN_EFFECTS[opcode]) ?? NONE;
}
