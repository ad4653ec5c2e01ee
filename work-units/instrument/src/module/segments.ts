// Element and data segments: what the table and the memory hold at the start.
import { ByteReader } from '../binary/byte-reader.js';
import { FUNCTION_REFERENCE, ValueType } from '../binary/types.js';
import { PAGE_BYTES } from '../limits.js';
import { malformed, refuse, withinLimit } from '../refusal.js';
import { readConstant, readEnd } from './constants.js';
import type { ElementSegment, ModuleFacts } from './module-facts.js';
import { Opcode } from './opcodes.js';

/** Bits of an element segment's kind. */
const NOT_ACTIVE = 1;
const NAMES_TABLE = 2;
const HAS_EXPRESSIONS = 4;
const ELEMENT_KINDS = 8;
const DATA_PASSIVE = 1;
const DATA_NAMES_MEMORY = 2;
/** The only kind of element that is written as a kind: functions. */
const FUNCTION_ELEMENTS = 0;

export function readElements(reader: ByteReader, facts: ModuleFacts): void {
  facts.elements = reader.list(
    () => readElementSegment(reader, facts),
    (count) => withinLimit('elementSegments', count, facts.limits),
  );
}

export function readData(reader: ByteReader, facts: ModuleFacts): void {
  let totalBytes = 0;
  facts.data = reader.list(
    () => {
      const kind = reader.u32();
      if (kind > DATA_NAMES_MEMORY) malformed('a data segment is of an unknown kind');
      if (kind === DATA_NAMES_MEMORY && reader.u32() !== 0) malformed('a data segment names an unknown memory');
      const offset = kind === DATA_PASSIVE ? 0 : readOffset(reader).value;
      const lengthBytes = reader.take(reader.u32()).length;
      totalBytes += lengthBytes;
      withinLimit('dataBytes', totalBytes, facts.limits);
      if (kind !== DATA_PASSIVE && offset + lengthBytes > facts.memory.minimum * PAGE_BYTES) refuseOutside('memory');
      return { isPassive: kind === DATA_PASSIVE };
    },
    (count) => withinLimit('dataSegments', count, facts.limits),
  );
  if (facts.dataCount !== null && facts.dataCount !== facts.data.length)
    malformed('the number of data segments is wrong');
}

function readElementSegment(reader: ByteReader, facts: ModuleFacts): ElementSegment {
  const kind = reader.u32();
  if (kind >= ELEMENT_KINDS) malformed('an element segment is of an unknown kind');
  if ((kind & NOT_ACTIVE) !== 0) refusePassive();
  if ((kind & NAMES_TABLE) !== 0 && reader.u32() !== 0) malformed('an element segment names an unknown table');
  if (facts.tableCount === 0) malformed('there are elements but no table');
  const { value: first, bytes: offset } = readOffset(reader);
  const hasExpressions = (kind & HAS_EXPRESSIONS) !== 0;
  if ((kind & NAMES_TABLE) !== 0 && reader.u8() !== (hasExpressions ? FUNCTION_REFERENCE : FUNCTION_ELEMENTS))
    malformed('an element segment is not of functions');
  const functions = reader.list(
    () => (hasExpressions ? readReference(reader, facts) : readFunctionIndex(reader, facts)),
    (count) => withinLimit('tableEntries', count, facts.limits),
  );
  if (first + functions.length > facts.tableMinimum) refuseOutside('table');
  return { offset, functions };
}

/** An offset is unsigned, though written like a signed number. */
function readOffset(reader: ByteReader): { value: number; bytes: Uint8Array } {
  const start = reader.position;
  readConstant(reader, ValueType.i32);
  const bytes = reader.bytes.subarray(start, reader.position);
  return { value: new ByteReader(bytes.subarray(1)).s33() >>> 0, bytes };
}

function readReference(reader: ByteReader, facts: ModuleFacts): number | null {
  const opcode = reader.u8();
  const index = opcode === Opcode.refFunc ? readFunctionIndex(reader, facts) : null;
  if (index === null && (opcode !== Opcode.refNull || reader.u8() !== FUNCTION_REFERENCE))
    malformed('an element is not a function');
  readEnd(reader);
  return index;
}

function readFunctionIndex(reader: ByteReader, facts: ModuleFacts): number {
  const index = reader.u32();
  return index < facts.functionTypes.length ? index : malformed('an element names an unknown function');
}

function refusePassive(): never {
  return refuse('MH-MOD-011', {
    reason: 'table-mutation',
    what: 'The module has an element segment that is not put into the table at the start',
    why: 'it serves to change the table while running, which a checkpoint could not follow',
    instead: 'build without dynamic linking and reference features',
  });
}

function refuseOutside(what: 'memory' | 'table'): never {
  return refuse('MH-MOD-001', {
    reason: 'segment-outside',
    what: `The module puts initial contents behind the end of its ${what}`,
    why: 'it could never be set up',
    instead: `build again without changing the size of the ${what} by hand; linkers make it large enough by themselves`,
  });
}
