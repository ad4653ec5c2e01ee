// The sections that declare types, functions, the table, the memory, globals and exports.
import type { ByteReader } from '../binary/byte-reader.js';
import {
  FUNCTION_REFERENCE,
  isFloatType,
  readFunctionType,
  readValueType,
  refuseType,
  ValueType,
} from '../binary/types.js';
import { malformed, refuse, withinLimit } from '../refusal.js';
import { readConstant } from './constants.js';
import { ExportKind, type Limits, type ModuleFacts } from './module-facts.js';

/** Bits of the flags of limits. */
const HAS_MAXIMUM = 1;
const SHARED = 2;
const WIDE = 4;

export function readTypes(reader: ByteReader, facts: ModuleFacts): void {
  facts.types = reader.list(
    () => readFunctionType(reader),
    (count) => withinLimit('types', count, facts.limits),
  );
  facts.hasFloat ||= facts.types.some(({ parameters, results }) => [...parameters, ...results].some(isFloatType));
}

export function readFunctions(reader: ByteReader, facts: ModuleFacts): void {
  const defined = reader.list(
    () => reader.u32(),
    (count) => withinLimit('functions', count, facts.limits),
  );
  if (defined.some((type) => type >= facts.types.length)) malformed('a function has an unknown type');
  for (const type of defined) facts.functionTypes.push(type);
}

export function readTable(reader: ByteReader, facts: ModuleFacts): void {
  facts.tableCount = reader.u32();
  if (facts.tableCount > 1)
    refuse('MH-MOD-011', {
      reason: 'multiple-tables',
      what: 'The module has more than one table',
      why: 'calls through tables can be followed in one only, and a checkpoint could not follow what changes in others',
      instead: 'build without experimental reference features; compilers need one table, for function pointers',
    });
  if (facts.tableCount === 0) return;
  const type = reader.u8();
  if (type !== FUNCTION_REFERENCE) refuseType(type);
  facts.tableMinimum = readLimits(reader).minimum;
  withinLimit('tableEntries', facts.tableMinimum, facts.limits);
}

export function readMemory(reader: ByteReader, facts: ModuleFacts): void {
  const count = reader.u32();
  const isForCommand = facts.build === 'nonleaf' || facts.build === 'all';
  if (count !== 1 && !(isForCommand && count === 2))
    refuse('MH-MOD-006', {
      reason: 'memory-count',
      what: 'The module has not exactly one memory',
      why: 'limits, state hashes and checkpoints are those of one memory',
      instead: 'link everything into one module with one memory, without the multi-memory feature',
    });
  facts.memory = readLimits(reader);
  if (count === 2) facts.stackMemory = readLimits(reader);
}

export function readGlobals(reader: ByteReader, facts: ModuleFacts): void {
  facts.globals = reader.list(
    () => {
      const type = readValueType(reader);
      const mutability = reader.u8();
      if (mutability > 1) malformed('a global is neither constant nor variable');
      if (type === ValueType.v128 && mutability === 1) refuseVectorGlobal();
      facts.hasFloat ||= isFloatType(type);
      readConstant(reader, type);
      return { type, isMutable: mutability === 1 };
    },
    (count) => withinLimit('globals', count, facts.limits),
  );
}

export function readExports(reader: ByteReader, facts: ModuleFacts): void {
  facts.exports = reader.list(
    () => {
      const name = reader.name();
      withinLimit('nameBytes', name.length, facts.limits);
      const kind = reader.u8();
      if (kind > ExportKind.global) malformed(`export "${name}" is of an unknown kind`);
      return { name, kind, index: reader.u32() };
    },
    (count) => withinLimit('exports', count, facts.limits),
  );
}

export function readDataCount(reader: ByteReader, facts: ModuleFacts): void {
  facts.dataCount = reader.u32();
  withinLimit('dataSegments', facts.dataCount, facts.limits);
}

function readLimits(reader: ByteReader): Limits {
  const flags = reader.u8();
  if ((flags & WIDE) !== 0)
    refuse('MH-MOD-011', {
      reason: 'memory64',
      what: 'The module uses 64-bit addresses (memory64)',
      why: 'not every host has them, and such a memory cannot be bounded alike everywhere',
      instead: 'compile for wasm32',
    });
  if ((flags & SHARED) !== 0)
    refuse('MH-MOD-011', {
      reason: 'threads',
      what: 'The memory is shared between threads',
      why: 'the order in which threads run differs from run to run, and so would results',
      instead: 'build without threads (no -pthread, no --shared-memory), and split the work into more units',
    });
  if (flags > HAS_MAXIMUM) malformed('the flags of a memory or table are unknown');
  const minimum = reader.u32();
  return { minimum, maximum: flags === HAS_MAXIMUM ? reader.u32() : null };
}

function refuseVectorGlobal(): never {
  return refuse('MH-MOD-011', {
    reason: 'vector-global',
    what: 'The module has a variable global of type v128',
    why: 'it could not be read into a checkpoint on every engine',
    instead: 'keep vectors in memory or in locals',
  });
}
