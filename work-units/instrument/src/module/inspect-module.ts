// Checks a whole module against the allow-lists and limits, and gives what was found out on the way.
import type { Build } from '../abi/engine-names.js';
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
import { checkEntries } from './entry-exports.js';
import { readImports } from './imports.js';
import { ExportKind, emptyFacts, type ModuleFacts } from './module-facts.js';
import { readSections, refuseStart, SECTION_ORDER, SectionId, type Sections } from './sections.js';
import { readData, readElements } from './segments.js';

export type InspectedModule = { facts: ModuleFacts; sections: Sections };

/** Throws ManyhandsError (MH-MOD-...) for anything that is not allowed. `build` is given for modules that the pipeline wrote. */
export function inspectModule(wasm: Uint8Array, build: Build | null = null): InspectedModule {
  const sections = readSections(wasm);
  const facts = emptyFacts(build);
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
  if (facts.bodies.length !== facts.functionTypes.length - facts.importCount) malformed('functions have no bodies');
  checkWhole(facts, sections);
  return { facts, sections };
}

function checkWhole(facts: ModuleFacts, sections: Sections): void {
  if (!sections.byId.has(SectionId.memory))
    refuse('MH-MOD-006', {
      reason: 'no-memory',
      what: 'The module has no memory of its own',
      why: 'a WASI command exchanges all data with the host through it',
      instead: 'link it as an ordinary executable',
    });
  const { minimum, maximum } = facts.memory;
  if (minimum > PAGES_MAXIMUM || (maximum !== null && (maximum > PAGES_MAXIMUM || maximum < minimum)))
    malformed('the bounds of the memory are impossible');
  if (!facts.exports.some(({ name, kind, index }) => name === 'memory' && kind === ExportKind.memory && index === 0))
    refuse('MH-MOD-006', {
      reason: 'memory-not-exported',
      what: 'The memory is not exported under the name "memory"',
      why: 'the host could not hand data over',
      instead: 'leave the linker’s defaults as they are, or add --export-memory to wasm-ld',
    });
  checkEntries(facts);
}
