// Which instructions are allowed and what follows each in the code. Whatever is not listed is refused.

export const Opcode = {
  unreachable: 0x00,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  select: 0x1b,
  typedSelect: 0x1c,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalSet: 0x24,
  refNull: 0xd0,
  refFunc: 0xd2,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  f32Const: 0x43,
  f64Const: 0x44,
  /** Prefix of saturating conversions and bulk memory. */
  miscellaneous: 0xfc,
  /** Prefix of SIMD. */
  vector: 0xfd,
} as const;

/** What stands behind an opcode. */
export type Immediate =
  | 'none'
  | 'block'
  | 'label'
  | 'labels'
  | 'function'
  | 'indirect'
  | 'types'
  | 'local'
  | 'global'
  | 'address'
  | 'memory'
  | 'two-memories'
  | 'data-and-memory'
  | 'data'
  | 'i32'
  | 'i64'
  | 'bytes4'
  | 'bytes8'
  | 'bytes16'
  | 'lane'
  | 'address-and-lane';

type Rule = { first: number; last: number; immediate: Immediate; isFloat?: boolean };
export type AllowedOpcode = { immediate: Immediate; isFloat: boolean };

/** One byte: the first version of WebAssembly, multi-value blocks and sign extension. */
const PLAIN: readonly Rule[] = [
  { first: 0x00, last: 0x01, immediate: 'none' },
  { first: 0x02, last: 0x04, immediate: 'block' },
  { first: 0x05, last: 0x05, immediate: 'none' },
  { first: 0x0b, last: 0x0b, immediate: 'none' },
  { first: 0x0c, last: 0x0d, immediate: 'label' },
  { first: 0x0e, last: 0x0e, immediate: 'labels' },
  { first: 0x0f, last: 0x0f, immediate: 'none' },
  { first: 0x10, last: 0x10, immediate: 'function' },
  { first: 0x11, last: 0x11, immediate: 'indirect' },
  { first: 0x1a, last: 0x1b, immediate: 'none' },
  { first: 0x1c, last: 0x1c, immediate: 'types' },
  { first: 0x20, last: 0x22, immediate: 'local' },
  { first: 0x23, last: 0x24, immediate: 'global' },
  { first: 0x28, last: 0x29, immediate: 'address' },
  { first: 0x2a, last: 0x2b, immediate: 'address', isFloat: true },
  { first: 0x2c, last: 0x37, immediate: 'address' },
  { first: 0x38, last: 0x39, immediate: 'address', isFloat: true },
  { first: 0x3a, last: 0x3e, immediate: 'address' },
  { first: 0x3f, last: 0x40, immediate: 'memory' },
  { first: 0x41, last: 0x41, immediate: 'i32' },
  { first: 0x42, last: 0x42, immediate: 'i64' },
  { first: 0x43, last: 0x43, immediate: 'bytes4', isFloat: true },
  { first: 0x44, last: 0x44, immediate: 'bytes8', isFloat: true },
  { first: 0x45, last: 0x5a, immediate: 'none' },
  { first: 0x5b, last: 0x66, immediate: 'none', isFloat: true },
  { first: 0x67, last: 0x8a, immediate: 'none' },
  { first: 0x8b, last: 0xa6, immediate: 'none', isFloat: true },
  { first: 0xa7, last: 0xa7, immediate: 'none' },
  { first: 0xa8, last: 0xab, immediate: 'none', isFloat: true },
  { first: 0xac, last: 0xad, immediate: 'none' },
  { first: 0xae, last: 0xbf, immediate: 'none', isFloat: true },
  { first: 0xc0, last: 0xc4, immediate: 'none' },
];

/** Behind 0xfc: saturating conversions, and bulk memory without anything on tables. */
const MISCELLANEOUS: readonly Rule[] = [
  { first: 0, last: 7, immediate: 'none', isFloat: true },
  { first: 8, last: 8, immediate: 'data-and-memory' },
  { first: 9, last: 9, immediate: 'data' },
  { first: 10, last: 10, immediate: 'two-memories' },
  { first: 11, last: 11, immediate: 'memory' },
];

/** Behind 0xfd: SIMD of fixed width; gaps are numbers that the standard left free. */
const VECTOR: readonly Rule[] = [
  { first: 0, last: 11, immediate: 'address' },
  { first: 12, last: 13, immediate: 'bytes16' },
  { first: 14, last: 18, immediate: 'none' },
  { first: 19, last: 20, immediate: 'none', isFloat: true },
  { first: 21, last: 30, immediate: 'lane' },
  { first: 31, last: 34, immediate: 'lane', isFloat: true },
  { first: 35, last: 64, immediate: 'none' },
  { first: 65, last: 76, immediate: 'none', isFloat: true },
  { first: 77, last: 83, immediate: 'none' },
  { first: 84, last: 91, immediate: 'address-and-lane' },
  { first: 92, last: 93, immediate: 'address' },
  { first: 94, last: 95, immediate: 'none', isFloat: true },
  { first: 96, last: 102, immediate: 'none' },
  { first: 103, last: 106, immediate: 'none', isFloat: true },
  { first: 107, last: 115, immediate: 'none' },
  { first: 116, last: 117, immediate: 'none', isFloat: true },
  { first: 118, last: 121, immediate: 'none' },
  { first: 122, last: 122, immediate: 'none', isFloat: true },
  { first: 123, last: 147, immediate: 'none' },
  { first: 148, last: 148, immediate: 'none', isFloat: true },
  { first: 149, last: 153, immediate: 'none' },
  { first: 155, last: 161, immediate: 'none' },
  { first: 163, last: 164, immediate: 'none' },
  { first: 167, last: 174, immediate: 'none' },
  { first: 177, last: 177, immediate: 'none' },
  { first: 181, last: 186, immediate: 'none' },
  { first: 188, last: 193, immediate: 'none' },
  { first: 195, last: 196, immediate: 'none' },
  { first: 199, last: 206, immediate: 'none' },
  { first: 209, last: 209, immediate: 'none' },
  { first: 213, last: 223, immediate: 'none' },
  { first: 224, last: 225, immediate: 'none', isFloat: true },
  { first: 227, last: 237, immediate: 'none', isFloat: true },
  { first: 239, last: 255, immediate: 'none', isFloat: true },
];

function table(rules: readonly Rule[]): readonly (AllowedOpcode | undefined)[] {
  const allowed: (AllowedOpcode | undefined)[] = [];
  for (const { first, last, immediate, isFloat = false } of rules)
    for (let opcode = first; opcode <= last; opcode++) allowed[opcode] = { immediate, isFloat };
  return allowed;
}

export const PLAIN_OPCODES = table(PLAIN);
export const MISCELLANEOUS_OPCODES = table(MISCELLANEOUS);
export const VECTOR_OPCODES = table(VECTOR);
