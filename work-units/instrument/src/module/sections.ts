// Splits a module into its sections: known ones only, each at most once, in the order of the standard.
import { ByteReader } from '../binary/byte-reader.js';
import { malformed, refuse } from '../refusal.js';

export const SectionId = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** Order in the file, which differs from the numbers. */
export const SECTION_ORDER: readonly number[] = [
  SectionId.type,
  SectionId.import,
  SectionId.function,
  SectionId.table,
  SectionId.memory,
  SectionId.global,
  SectionId.export,
  SectionId.start,
  SectionId.element,
  SectionId.dataCount,
  SectionId.code,
  SectionId.data,
];

/** Magic number and version of the core format; a component has another version. */
export const HEADER = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

export type Sections = { byId: Map<number, Uint8Array>; customCount: number };

export function readSections(wasm: Uint8Array): Sections {
  const reader = new ByteReader(wasm);
  if (!HEADER.every((byte, index) => wasm[index] === byte)) notAModule();
  reader.position = HEADER.length;
  const byId = new Map<number, Uint8Array>();
  let customCount = 0;
  let lastOrder = -1;
  while (!reader.isAtEnd) {
    const id = reader.u8();
    const payload = reader.take(reader.u32());
    if (id === SectionId.custom) {
      new ByteReader(payload).name();
      customCount++;
      continue;
    }
    const order = SECTION_ORDER.indexOf(id);
    if (order < 0) refuseSection(id);
    if (order <= lastOrder) malformed(`section ${id} is repeated or out of order`);
    lastOrder = order;
    byId.set(id, payload);
  }
  return { byId, customCount };
}

function notAModule(): never {
  return refuse('MH-MOD-001', {
    reason: 'not-a-module',
    what: 'The file is not a WebAssembly module (or it is a component, or of another version)',
    why: 'only core modules can be checked and counted instruction by instruction',
    instead:
      'give the .wasm file that the compiler wrote for the target wasm32-wasi (also called wasm32-wasip1), not source, text format or a component',
  });
}

function refuseSection(id: number): never {
  if (id === SectionId.tag)
    return refuse('MH-MOD-008', {
      reason: 'exceptions',
      what: 'The module declares exceptions (a tag section)',
      why: 'their forms and traces differ between engines, and a stopped program could not be stored while one is under way',
      instead: 'build with -fno-exceptions, or in Rust with panic=abort',
    });
  return refuse('MH-MOD-008', {
    reason: 'unknown-section',
    what: `The module has a section of kind ${id}, which is not on the list of what can be checked`,
    why: 'nobody knows that it does the same everywhere',
    instead: 'build for plain WebAssembly without experimental features',
  });
}

/** Its own step, after the memory was looked at: a module for threads has a start function too, and threads are the better reason. */
export function refuseStart(): never {
  return refuse('MH-MOD-009', {
    reason: 'start-section',
    what: 'The module has a start function',
    why: 'it would run while the module is being set up, before its memory is known to the host and its limits are in force',
    instead:
      'put the work into _start (AssemblyScript: --exportStart _start; C and C++: build a command, not a reactor)',
  });
}
