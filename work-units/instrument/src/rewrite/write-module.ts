// Writes the prepared module: custom sections gone, memory maximum declared, every memory.grow going through the guard.
import { ByteReader } from '../binary/byte-reader.js';
import { concatenate, encodeName, encodeU32 } from '../binary/byte-writer.js';
import type { InspectedModule } from '../module/inspect-module.js';
import { ExportKind, type ModuleFacts } from '../module/module-facts.js';
import { HEADER, SECTION_ORDER, SectionId } from '../module/sections.js';
import { FLAG_GLOBAL, GROWTH_REFUSED_EXPORT, GUARD_TYPE, guardBody } from './growth-guard.js';
import { reservedExports } from './guard-check.js';

const CALL = 0x10;
const HAS_MAXIMUM = 1;

/** Same input, same bytes: lengths and counts are written in their shortest form, sections in the order of the standard. */
export function writeModule({ facts, sections }: InspectedModule, maximumPages: number): Uint8Array {
  const replaced = replacedSections(facts, sections.byId, maximumPages);
  const parts: (Uint8Array | readonly number[])[] = [HEADER];
  for (const id of SECTION_ORDER) {
    const payload = replaced.get(id) ?? sections.byId.get(id);
    if (payload !== undefined) parts.push([id, ...encodeU32(payload.length)], payload);
  }
  return concatenate(parts);
}

function replacedSections(
  facts: ModuleFacts,
  original: ReadonlyMap<number, Uint8Array>,
  maximumPages: number,
): Map<number, Uint8Array> {
  const memory = [1, HAS_MAXIMUM, ...encodeU32(facts.memory.minimum), ...encodeU32(maximumPages)];
  const replaced = new Map<number, Uint8Array>([[SectionId.memory, Uint8Array.from(memory)]]);
  if (facts.growSites.length === 0) return replaced;
  if (reservedExports(facts).length > 0) return replaced.set(SectionId.code, codeWithNewGuard(facts, maximumPages));
  const flagGlobal = facts.globals.length;
  const flagExport = [...encodeName(GROWTH_REFUSED_EXPORT), ExportKind.global, ...encodeU32(flagGlobal)];
  const additions: [number, Uint8Array | readonly number[]][] = [
    [SectionId.type, GUARD_TYPE],
    [SectionId.function, encodeU32(facts.types.length)],
    [SectionId.global, FLAG_GLOBAL],
    [SectionId.export, flagExport],
  ];
  for (const [id, item] of additions) replaced.set(id, appended(original.get(id), item));
  replaced.set(SectionId.code, guardedCode(facts, guardBody(maximumPages, flagGlobal)));
  return replaced;
}

/** A counted list with one item more. */
function appended(payload: Uint8Array | undefined, item: Uint8Array | readonly number[]): Uint8Array {
  if (payload === undefined) return concatenate([encodeU32(1), item]);
  const reader = new ByteReader(payload);
  const count = reader.u32();
  return concatenate([encodeU32(count + 1), payload.subarray(reader.position), item]);
}

/** For a module that has the guard already, whose maximum may have been lowered. */
function codeWithNewGuard({ bodies, globals }: ModuleFacts, maximumPages: number): Uint8Array {
  return codeOf([...bodies.slice(0, -1), guardBody(maximumPages, globals.length - 1)]);
}

function guardedCode(facts: ModuleFacts, guard: Uint8Array): Uint8Array {
  const call = [CALL, ...encodeU32(facts.functionTypes.length)];
  return codeOf([...bodiesWithCalls(facts, call), guard]);
}

function codeOf(bodies: readonly Uint8Array[]): Uint8Array {
  return concatenate([encodeU32(bodies.length), ...bodies.flatMap((body) => [encodeU32(body.length), body])]);
}

/** Each body with a call where its memory.grow stood. */
function bodiesWithCalls({ bodies, growSites }: ModuleFacts, call: readonly number[]): Uint8Array[] {
  const written = [...bodies];
  const parts = new Map<number, { taken: number; pieces: (Uint8Array | readonly number[])[] }>();
  for (const { body: index, start, end } of growSites) {
    const body = bodies[index] as Uint8Array;
    const entry = parts.get(index) ?? { taken: 0, pieces: [] };
    entry.pieces.push(body.subarray(entry.taken, start), call);
    entry.taken = end;
    parts.set(index, entry);
  }
  for (const [index, { taken, pieces }] of parts)
    written[index] = concatenate([...pieces, (bodies[index] as Uint8Array).subarray(taken)]);
  return written;
}
