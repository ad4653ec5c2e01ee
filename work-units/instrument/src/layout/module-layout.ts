// A module taken apart for rewriting: each section as a list of its raw items, and put together again in one canonical form.
import { ByteReader } from '../binary/byte-reader.js';
import { concatenate, encodeName, encodeU32 } from '../binary/byte-writer.js';
import { type FunctionType, readFunctionType } from '../binary/types.js';
import type { Export } from '../module/module-facts.js';
import { Opcode } from '../module/opcodes.js';
import { HEADER, readSections, SECTION_ORDER, SectionId } from '../module/sections.js';

export type GlobalItem = { type: number; isMutable: boolean; initial: Uint8Array };
type ImportItem = { module: string; name: string; type: number };

/** Sections that are passed on as they are stay in `raw`. */
export type ModuleLayout = {
  types: FunctionType[];
  imports: ImportItem[];
  /** Types of the functions that have bodies. */
  functions: number[];
  memories: Uint8Array[];
  globals: GlobalItem[];
  exports: Export[];
  bodies: Uint8Array[];
  raw: Map<number, Uint8Array>;
};

const RAW_SECTIONS: readonly number[] = [SectionId.table, SectionId.element, SectionId.dataCount, SectionId.data];
const FUNCTION_FORM = 0x60;

/** Reads a module that was checked before, or that binaryen wrote from one. */
export function readLayout(wasm: Uint8Array): ModuleLayout {
  const { byId } = readSections(wasm);
  const listOf = <T>(id: number, read: (reader: ByteReader) => T): T[] => {
    const payload = byId.get(id);
    if (payload === undefined) return [];
    const reader = new ByteReader(payload);
    return reader.list(() => read(reader), anyCount);
  };
  return {
    types: listOf(SectionId.type, readFunctionType),
    imports: listOf(SectionId.import, readImport),
    functions: listOf(SectionId.function, (reader) => reader.u32()),
    memories: listOf(SectionId.memory, readMemory),
    globals: listOf(SectionId.global, readGlobal),
    exports: listOf(SectionId.export, (reader) => ({ name: reader.name(), kind: reader.u8(), index: reader.u32() })),
    bodies: listOf(SectionId.code, (reader) => reader.take(reader.u32())),
    raw: new Map([...byId].filter(([id]) => RAW_SECTIONS.includes(id))),
  };
}

/** Same layout, same bytes: all counts and lengths in their shortest form, no custom sections. */
export function writeLayout(layout: ModuleLayout): Uint8Array {
  const payloads = new Map(layout.raw);
  const put = (id: number, items: readonly (Uint8Array | readonly number[])[]): void => {
    if (items.length > 0) payloads.set(id, concatenate([encodeU32(items.length), ...items]));
  };
  put(SectionId.type, layout.types.map(encodeType));
  put(
    SectionId.import,
    layout.imports.map(({ module, name, type }) => [...encodeName(module), ...encodeName(name), 0, ...encodeU32(type)]),
  );
  put(SectionId.function, layout.functions.map(encodeU32));
  put(SectionId.memory, layout.memories);
  put(
    SectionId.global,
    layout.globals.map(({ type, isMutable, initial }) => [type, isMutable ? 1 : 0, ...initial]),
  );
  put(
    SectionId.export,
    layout.exports.map(({ name, kind, index }) => [...encodeName(name), kind, ...encodeU32(index)]),
  );
  put(
    SectionId.code,
    layout.bodies.map((body) => concatenate([encodeU32(body.length), body])),
  );
  const parts: (Uint8Array | readonly number[])[] = [HEADER];
  for (const id of SECTION_ORDER) {
    const payload = payloads.get(id);
    if (payload !== undefined) parts.push([id, ...encodeU32(payload.length)], payload);
  }
  return concatenate(parts);
}

function encodeType({ parameters, results }: FunctionType): number[] {
  return [FUNCTION_FORM, ...encodeU32(parameters.length), ...parameters, ...encodeU32(results.length), ...results];
}

function readImport(reader: ByteReader): ImportItem {
  const module = reader.name();
  const name = reader.name();
  reader.u8();
  return { module, name, type: reader.u32() };
}

function readMemory(reader: ByteReader): Uint8Array {
  const start = reader.position;
  const flags = reader.u8();
  reader.u32();
  if ((flags & 1) !== 0) reader.u32();
  return reader.bytes.subarray(start, reader.position);
}

function readGlobal(reader: ByteReader): GlobalItem {
  const type = reader.u8();
  const isMutable = reader.u8() === 1;
  const start = reader.position;
  skipConstant(reader);
  return { type, isMutable, initial: reader.bytes.subarray(start, reader.position) };
}

/** One constant and the end behind it. */
function skipConstant(reader: ByteReader): void {
  const opcode = reader.u8();
  if (opcode === Opcode.i32Const) reader.skipSigned(32);
  else if (opcode === Opcode.i64Const) reader.skipSigned(64);
  else if (opcode === Opcode.f32Const) reader.take(4);
  else if (opcode === Opcode.f64Const) reader.take(8);
  else {
    reader.u32();
    reader.take(16);
  }
  reader.u8();
}

function anyCount(): void {}
