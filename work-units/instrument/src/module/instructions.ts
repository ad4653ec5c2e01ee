// Reads one instruction with everything behind it and checks the indices that it names.
import type { ByteReader } from '../binary/byte-reader.js';
import { isValueType, readValueType, refuseType } from '../binary/types.js';
import { malformed, withinLimit } from '../refusal.js';
import type { ModuleFacts } from './module-facts.js';
import {
  type AllowedOpcode,
  type Immediate,
  MISCELLANEOUS_OPCODES,
  Opcode,
  PLAIN_OPCODES,
  VECTOR_OPCODES,
} from './opcodes.js';
import { refuseOpcode } from './refused-opcodes.js';

/** The function that is being read. `depth` counts its open blocks, itself included. */
export type InstructionScope = { facts: ModuleFacts; localCount: number; depth: number; globalsUsed: Set<number> };

const EMPTY_BLOCK = -64;
/** The bit of an alignment that says that a memory is named. */
const NAMES_MEMORY = 64;
const STACK_MEMORY = 1;
/** Refused types in a block are read as a negative number; this makes a byte of it again. */
const BYTE_RANGE = 128;

/** Gives the opcode, or the prefix for those behind one. */
export function readInstruction(reader: ByteReader, scope: InstructionScope): number {
  const opcode = reader.u8();
  const allowed = allowedOpcode(reader, opcode);
  if (allowed.isFloat) scope.facts.hasFloat = true;
  if (opcode === Opcode.end) scope.depth--;
  else if (allowed.immediate === 'block') scope.depth++;
  readers[allowed.immediate](reader, scope);
  return opcode;
}

function allowedOpcode(reader: ByteReader, opcode: number): AllowedOpcode {
  const plain = PLAIN_OPCODES[opcode];
  if (plain !== undefined) return plain;
  if (opcode !== Opcode.miscellaneous && opcode !== Opcode.vector) return refuseOpcode(opcode, null);
  const minor = reader.u32();
  const table = opcode === Opcode.vector ? VECTOR_OPCODES : MISCELLANEOUS_OPCODES;
  return table[minor] ?? refuseOpcode(opcode, minor);
}

const readers: Readonly<Record<Immediate, (reader: ByteReader, scope: InstructionScope) => void>> = {
  none: () => undefined,
  block: readBlockType,
  label: readLabel,
  labels(reader, scope) {
    reader.list(
      () => readLabel(reader, scope),
      (count) => withinLimit('branchTargets', count, scope.facts.limits),
    );
    readLabel(reader, scope);
  },
  function: (reader, { facts }) => below(reader.u32(), facts.functionTypes.length, 'function'),
  indirect(reader, { facts }) {
    below(reader.u32(), facts.types.length, 'type');
    below(reader.u32(), facts.tableCount, 'table');
  },
  types(reader) {
    if (reader.u32() !== 1) malformed('a select has not exactly one type');
    readValueType(reader);
  },
  local: (reader, { localCount }) => below(reader.u32(), localCount, 'local'),
  global(reader, { facts, globalsUsed }) {
    const index = reader.u32();
    below(index, facts.globals.length, 'global');
    globalsUsed.add(index);
  },
  address: readAddress,
  memory: readMemory,
  'two-memories'(reader) {
    readMemory(reader);
    readMemory(reader);
  },
  'data-and-memory'(reader, scope) {
    readDataIndex(reader, scope);
    readMemory(reader);
  },
  data: readDataIndex,
  i32: (reader) => reader.skipSigned(32),
  i64: (reader) => reader.skipSigned(64),
  bytes4: (reader) => void reader.take(4),
  bytes8: (reader) => void reader.take(8),
  bytes16: (reader) => void reader.take(16),
  lane: (reader) => void reader.u8(),
  'address-and-lane'(reader, scope) {
    readAddress(reader, scope);
    reader.u8();
  },
};

function readBlockType(reader: ByteReader, { facts }: InstructionScope): void {
  const type = reader.s33();
  if (type >= 0) below(type, facts.types.length, 'type');
  else if (type !== EMPTY_BLOCK && !isValueType(type + BYTE_RANGE)) refuseType(type + BYTE_RANGE);
}

function readLabel(reader: ByteReader, { depth }: InstructionScope): void {
  below(reader.u32(), depth, 'label');
}

/** The second memory may only be named where there is one, as number 1, and only by plain loads and stores. */
function readAddress(reader: ByteReader, { facts }: InstructionScope): void {
  const flags = reader.u32();
  if (
    flags >= NAMES_MEMORY &&
    (flags >= 2 * NAMES_MEMORY || facts.stackMemory === null || reader.u32() !== STACK_MEMORY)
  )
    malformed('an access names another memory or has an impossible alignment');
  reader.u32();
}

function readMemory(reader: ByteReader): void {
  if (reader.u8() !== 0) malformed('an instruction names another memory');
}

function readDataIndex(reader: ByteReader, { facts }: InstructionScope): void {
  below(reader.u32(), facts.dataCount ?? 0, 'data segment');
}

function below(index: number, count: number, kind: string): void {
  if (index >= count) malformed(`an instruction names an unknown ${kind}`);
}
