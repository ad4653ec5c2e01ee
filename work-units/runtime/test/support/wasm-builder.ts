// Assembles small modules for tests, byte by byte; any section can be replaced by raw bytes.
import { uleb } from '../../src/pages/wasm-bytes.js';

export { uleb };

export const I32 = 0x7f;
export const I64 = 0x7e;
export const F64 = 0x7c;
export const V128 = 0x7b;

type TestFunction = { type?: number; locals?: readonly number[]; code: readonly number[] };
export type TestModule = {
  /** Beyond type 0, which is that of _start. */
  types?: readonly { parameters: readonly number[]; results: readonly number[] }[];
  imports?: readonly { module?: string; name: string; type: number }[];
  /** The first one is _start, unless `entries` says otherwise. */
  functions?: readonly TestFunction[];
  /** Replaces what follows the count in the memory section. */
  memory?: readonly number[];
  globals?: readonly (readonly number[])[];
  /** Functions of this module that are exported instead of _start, by their place in `functions`. */
  entries?: Readonly<Record<string, number>>;
  /** Beyond memory and entries. */
  exports?: readonly { name: string; kind: number; index: number }[];
  data?: readonly { offset: number; bytes: readonly number[] }[];
  /** Raw payloads by section number; null leaves the section out. */
  raw?: Readonly<Record<number, readonly number[] | null>>;
  custom?: readonly string[];
};

/** The order of sections in a file. */
const ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/** Signed LEB128 of a 64-bit number. */
function sleb(value: bigint | number): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (;;) {
    const low = Number(rest & 127n);
    rest >>= 7n;
    const isLast = (rest === 0n && low < 64) || (rest === -1n && low >= 64);
    bytes.push(isLast ? low : low + 128);
    if (isLast) return bytes;
  }
}

export const text = (value: string): number[] => {
  const bytes = new TextEncoder().encode(value);
  return [...uleb(bytes.length), ...bytes];
};
export const list = (items: readonly (readonly number[])[]): number[] => [...uleb(items.length), ...items.flat()];
export const i32 = (value: number): number[] => [0x41, ...sleb(value | 0)];
export const i64 = (value: bigint): number[] => [0x42, ...sleb(BigInt.asIntN(64, value))];
export const call = (index: number): number[] => [0x10, ...uleb(index)];

/** The bytes of a command: one page of memory, exported, and an empty _start, unless said otherwise. */
export function buildModule(parts: TestModule = {}): Uint8Array<ArrayBuffer> {
  const { types = [], imports = [], functions = [{ code: [] }], globals = [], exports = [], data = [] } = parts;
  const entries = Object.entries(parts.entries ?? { _start: 0 }).map(([name, place]) => ({
    name,
    kind: 0,
    index: imports.length + place,
  }));
  const payloads: Record<number, readonly number[] | null> = {
    1: list(
      [{ parameters: [], results: [] }, ...types].map(({ parameters, results }) => [
        0x60,
        ...list(parameters.map((p) => [p])),
        ...list(results.map((r) => [r])),
      ]),
    ),
    2:
      imports.length > 0
        ? list(
            imports.map(({ module = 'wasi_snapshot_preview1', name, type }) => [
              ...text(module),
              ...text(name),
              0,
              ...uleb(type),
            ]),
          )
        : null,
    3: list(functions.map(({ type = 0 }) => uleb(type))),
    5: [1, ...(parts.memory ?? [0, 1])],
    6: globals.length > 0 ? list(globals) : null,
    7: list(
      [{ name: 'memory', kind: 2, index: 0 }, ...entries, ...exports].map(({ name, kind, index }) => [
        ...text(name),
        kind,
        ...uleb(index),
      ]),
    ),
    10: list(
      functions.map(({ locals = [], code }) => sized([...list(locals.map((type) => [1, type])), ...code, 0x0b])),
    ),
    11:
      data.length > 0
        ? list(data.map(({ offset, bytes }) => [0, ...i32(offset), 0x0b, ...uleb(bytes.length), ...bytes]))
        : null,
    ...parts.raw,
  };
  const sections = ORDER.flatMap((id) => section(id, payloads[id] ?? null));
  const custom = (parts.custom ?? []).flatMap((name) => section(0, [...text(name), 1, 2, 3]));
  return Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections, ...custom]);
}

function section(id: number, payload: readonly number[] | null): number[] {
  return payload === null ? [] : [id, ...sized(payload)];
}

function sized(bytes: readonly number[]): number[] {
  return [...uleb(bytes.length), ...bytes];
}
