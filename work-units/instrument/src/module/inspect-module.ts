// Checks a whole module against the allow-lists and limits, and gives what was found out on the way.
import { ByteReader } from '../binary/byte-reader.js';
import { PAGES_MAXIMUM } from '../limits.js';
import { malformed, refuse } from '../refusal.js';
import { readCode } from './code.js';
import {
  readDataCount,
  readExports,
  readFunctions,
  readGlobals,
  readMemory,
  readTable,
  readTypes,
} from './declarations.js';
import { readImports } from './imports.js';
import { type Export, ExportKind, emptyFacts, type ModuleFacts } from './module-facts.js';
import { readSections, refuseStart, SECTION_ORDER, SectionId, type Sections } from './sections.js';
import { readData, readElements } from './segments.js';

export type InspectedModule = { facts: ModuleFacts; sections: Sections };

/** Throws ManyhandsError (MH-MOD-...) for anything that is not allowed. */
export function inspectModule(wasm: Uint8Array): InspectedModule {
  const sections = readSections(wasm);
  const facts = emptyFacts();
  const parsers: Readonly<Record<number, (reader: ByteReader, facts: ModuleFacts) => void>> = {
    [SectionId.type]: readTypes,
    [SectionId.import]: readImports,
    [SectionId.function]: readFunctions,
    [SectionId.table]: readTable,
    [SectionId.memory]: readMemory,
    [SectionId.global]: readGlobals,
    [SectionId.export]: readExports,
    [SectionId.start]: refuseStart,
    [SectionId.element]: readElements,
    [SectionId.dataCount]: readDataCount,
    [SectionId.code]: readCode,
    [SectionId.data]: readData,
  };
  for (const id of SECTION_ORDER) {
    const payload = sections.byId.get(id);
    if (payload === undefined) continue;
    const reader = new ByteReader(payload);
    parsers[id]?.(reader, facts);
    if (!reader.isAtEnd) malformed(`section ${id} is longer than its contents`);
  }
  if (facts.bodies.length !== facts.functionTypes.length - facts.imports.length) malformed('functions have no bodies');
  checkWhole(facts, sections);
  return { facts, sections };
}

function checkWhole(facts: ModuleFacts, sections: Sections): void {
  if (!sections.byId.has(SectionId.memory))
    refuse('MH-MOD-006', {
      reason: 'no-memory',
      message:
        'The module has no memory of its own. A WASI command needs one to exchange data with the host: link it as an ordinary executable.',
    });
  const { minimum, maximum } = facts.memory;
  if (minimum > PAGES_MAXIMUM || (maximum !== null && (maximum > PAGES_MAXIMUM || maximum < minimum)))
    malformed('the bounds of the memory are impossible');
  if (!facts.exports.some(({ name, kind, index }) => name === 'memory' && kind === ExportKind.memory && index === 0))
    refuse('MH-MOD-006', {
      reason: 'memory-not-exported',
      message:
        'The memory is not exported under the name "memory", so the host could not hand data over. Linkers do it by default; with wasm-ld add --export-memory.',
    });
  const start = facts.exports.find(({ name }) => name === '_start');
  if (start === undefined || !isCommandEntry(start, facts))
    refuse('MH-MOD-005', {
      reason: 'no-start',
      message:
        'The module has no exported function _start without parameters and results: it is a library or reactor, not a program. Build it as a command ' +
        '(C and C++: link with a main and without -mexec-model=reactor or --no-entry; Rust: a bin target; AssemblyScript: --exportStart _start).',
    });
}

function isCommandEntry({ kind, index }: Export, facts: ModuleFacts): boolean {
  const type = facts.types[facts.functionTypes[index] ?? -1];
  return kind === ExportKind.function && type !== undefined && type.parameters.length + type.results.length === 0;
}
