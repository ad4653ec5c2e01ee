// Takes a build of the pipeline apart and puts it together again with something changed, as a project that bypasses the pipeline would.
import { buildApp } from '@manyhands/instrument';
import { assemble, bytes, HEADER, list, type Part, section, sized, Type, text, uleb } from './assemble.js';
import { brIf, call, get, globalGet, globalSet, i32, loop, Op, set, tee } from './code.js';

export const PREPARED_MEMORY_BYTES = 4 * 65_536;

/** Functions of the prepared module, in the order of its code section. */
export const Body = {
  start: 0,
  work: 1,
  startUnwind: 2,
  stopUnwind: 3,
  startRewind: 4,
  stopRewind: 5,
  getState: 6,
  guard: 7,
} as const;
/** Numbers of its globals, the program's own first. */
export const Global = { own: 0, fuel: 1, floor: 2, depth: 3, state: 4, pointer: 5, refused: 6 } as const;
/** Numbers of its imported functions. */
export const Imported = { exit: 0, yield: 1 } as const;
export const FIRST_BODY = 2;

/** A small honest program: a loop with calls, a variable global, growth, an import. */
export async function honestBuild(): Promise<Uint8Array> {
  const code = [[i32(2_000), set(0)], loop(call(2), get(0), i32(1), Op.subtract, tee(0), brIf(0))];
  const wasm = assemble({
    types: [{ parameters: [Type.i32] }],
    imports: [{ name: 'proc_exit', type: 1 }],
    memory: [1, 4],
    globals: [[Type.i32, true, i32(5)]],
    exports: { _start: 1 },
    functions: [
      { locals: [[1, Type.i32]], code },
      { code: [globalGet(0), i32(1), Op.memoryGrow, Op.add, globalSet(0)] },
    ],
  });
  const { builds } = await buildApp(wasm, { memoryMaximumBytes: PREPARED_MEMORY_BYTES, moduleMaximumBytes: 2 ** 20 });
  if (!('nonleaf' in builds)) throw new Error('a command has this build');
  return builds.nonleaf;
}

export type Sections = Map<number, Uint8Array>;
export type Export = { name: string; kind: number; index: number };

export function sectionsOf(wasm: Uint8Array): Sections {
  const sections: Sections = new Map();
  for (let at = HEADER.length; at < wasm.length; ) {
    const id = wasm[at] as number;
    const [length, start] = readUleb(wasm, at + 1);
    sections.set(id, wasm.subarray(start, start + length));
    at = start + length;
  }
  return sections;
}

const ORDER = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11];

/** A module of sections; `extra` stands behind the last. */
export function moduleOf(sections: Sections, extra: Part = []): Uint8Array {
  const parts = ORDER.filter((id) => sections.has(id)).map((id) => section(id, sections.get(id) as Uint8Array));
  return bytes(HEADER, parts, extra);
}

/** A copy with other contents of some sections; null leaves one out. */
export function withSections(wasm: Uint8Array, changes: Readonly<Record<number, Part | null>>): Uint8Array {
  const sections = sectionsOf(wasm);
  for (const [id, payload] of Object.entries(changes))
    if (payload === null) sections.delete(Number(id));
    else sections.set(Number(id), bytes(payload));
  return moduleOf(sections);
}

/** A copy with other exports. */
export function withExports(wasm: Uint8Array, change: (exports: readonly Export[]) => readonly Export[]): Uint8Array {
  const payload = sectionsOf(wasm).get(7) as Uint8Array;
  let [count, at] = readUleb(payload, 0);
  const exports: Export[] = [];
  for (; count > 0; count--) {
    const [length, start] = readUleb(payload, at);
    const name = new TextDecoder().decode(payload.subarray(start, start + length));
    const [index, end] = readUleb(payload, start + length + 1);
    exports.push({ name, kind: payload[start + length] as number, index });
    at = end;
  }
  return withSections(wasm, {
    7: list(change(exports).map(({ name, kind, index }) => [text(name), kind, uleb(index)])),
  });
}

/** A copy with other functions: each with its locals and its end, without its length. */
export function withBodies(wasm: Uint8Array, replaced: Readonly<Record<number, Part>>): Uint8Array {
  const payload = sectionsOf(wasm).get(10) as Uint8Array;
  let [count, at] = readUleb(payload, 0);
  const bodies: Uint8Array[] = [];
  for (; count > 0; count--) {
    const [length, start] = readUleb(payload, at);
    const other = replaced[bodies.length];
    bodies.push(sized(other ?? payload.subarray(start, start + length)));
    at = start + length;
  }
  return withSections(wasm, { 10: list(bodies) });
}

/** A body without locals. */
export const plain = (...code: readonly Part[]): Part => [0, ...code, 0x0b];

function readUleb(from: Uint8Array, at: number): [value: number, next: number] {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = from[at++] as number;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
}
