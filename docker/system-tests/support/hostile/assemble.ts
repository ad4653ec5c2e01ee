// Assembles modules byte by byte, also such as no compiler writes: any section can be left out, replaced or repeated.

/** Bytes, or parts of them in order. */
export type Part = number | ArrayLike<number> | readonly Part[];

export const Type = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b, funcref: 0x70, externref: 0x6f } as const;

export type Signature = { parameters?: readonly number[]; results?: readonly number[] };
export type Import = { module?: string; name: string; type: number };
/** `locals` has a count and a type for each group. */
export type Body = { type?: number; locals?: readonly (readonly [count: number, type: number])[]; code: Part };
export type ModuleParts = {
  types?: readonly Signature[];
  imports?: readonly Import[];
  functions?: readonly Body[];
  /** Entries of the one table; none without it. */
  table?: number;
  /** Pages of 65,536 bytes: at the start, at most. */
  memory?: readonly [minimum: number, maximum?: number];
  /** A type, whether it is mutable, and the initial value's code without its end. */
  globals?: readonly (readonly [type: number, isMutable: boolean, initial: Part])[];
  /** Functions by name; null leaves out the memory too. */
  exports?: Readonly<Record<string, number>>;
  /** Further exports: name, kind and index. */
  moreExports?: readonly (readonly [name: string, kind: number, index: number])[];
  /** Functions put into the table from place 0. */
  elements?: readonly number[];
  data?: readonly { at: number; bytes: Part }[];
  /** Payloads by section number; null leaves a section out. */
  raw?: Readonly<Record<number, Part | null>>;
  /** Bytes behind all sections. */
  tail?: Part;
};

export const HEADER = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
/** The order of sections in a file: the data count stands before the code. */
const ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

export function bytes(...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const chunks: ArrayLike<number>[] = [];
  const visit = (part: Part): void => {
    if (typeof part === 'number') chunks.push([part]);
    else if (ArrayBuffer.isView(part) || isPlain(part)) chunks.push(part as ArrayLike<number>);
    else for (const inner of part as readonly Part[]) visit(inner);
  };
  visit(parts);
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

const isPlain = (part: ArrayLike<number> | readonly Part[]): boolean =>
  Array.isArray(part) && part.every((item) => typeof item === 'number');

/** The same bytes many times. */
export function repeat(count: number, ...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const once = bytes(...parts);
  const whole = new Uint8Array(once.length * count);
  for (let number = 0; number < count; number++) whole.set(once, number * once.length);
  return whole;
}

export function uleb(value: number): number[] {
  const encoded: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    encoded.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return encoded;
}

export function sleb(value: number | bigint): number[] {
  const encoded: number[] = [];
  let rest = BigInt(value);
  for (;;) {
    const low = Number(rest & 127n);
    rest >>= 7n;
    const isLast = (rest === 0n && low < 64) || (rest === -1n && low >= 64);
    encoded.push(isLast ? low : low + 128);
    if (isLast) return encoded;
  }
}

export const sized = (...parts: readonly Part[]): Uint8Array => {
  const content = bytes(...parts);
  return bytes(uleb(content.length), content);
};
export const text = (value: string): Uint8Array => sized(new TextEncoder().encode(value));
export const list = (items: readonly Part[]): Part => [uleb(items.length), ...items];
export const section = (id: number, ...parts: readonly Part[]): Uint8Array => bytes(id, sized(...parts));

const signature = ({ parameters = [], results = [] }: Signature): Part => [
  0x60,
  uleb(parameters.length),
  parameters,
  uleb(results.length),
  results,
];

/** The code section's item for a function. */
const body = ({ locals = [], code }: Body): Uint8Array =>
  sized(uleb(locals.length), ...locals.map(([count, type]) => [uleb(count), type]), code, 0x0b);

/** A command with one page of memory and an empty `_start`, unless said otherwise. Type 0 takes and gives nothing. */
export function assemble(parts: ModuleParts = {}): Uint8Array<ArrayBuffer> {
  const { imports = [], functions = [{ code: [] }], globals = [], elements = [], data = [], memory = [1] } = parts;
  const exported = Object.entries(parts.exports ?? { _start: imports.length });
  const exports = [
    ...exported.map(([name, index]): Part => [text(name), 0, uleb(index)]),
    ...(parts.moreExports ?? []).map(([name, kind, index]): Part => [text(name), kind, uleb(index)]),
    [text('memory'), 2, 0],
  ];
  const payloads: Record<number, Part | null> = {
    1: list([{}, ...(parts.types ?? [])].map(signature)),
    2: imports.length > 0 ? list(imports.map(importItem)) : null,
    3: list(functions.map(({ type = 0 }) => uleb(type))),
    4: parts.table === undefined ? null : [1, Type.funcref, 0, uleb(parts.table)],
    5: [1, memory.length - 1, memory.map((pages) => uleb(pages as number))],
    6:
      globals.length > 0
        ? list(globals.map(([type, isMutable, value]) => [type, Number(isMutable), value, 0x0b]))
        : null,
    7: list(exports),
    9: elements.length > 0 ? [1, 0, 0x41, 0, 0x0b, list(elements.map(uleb))] : null,
    10: list(functions.map(body)),
    11: data.length > 0 ? list(data.map(({ at, bytes: content }) => [0, 0x41, sleb(at), 0x0b, sized(content)])) : null,
    ...parts.raw,
  };
  const sections = ORDER.map((id) => (payloads[id] == null ? [] : section(id, payloads[id])));
  return bytes(HEADER, sections, parts.tail ?? []);
}

const importItem = ({ module = 'wasi_snapshot_preview1', name, type }: Import): Part => [
  text(module),
  text(name),
  0,
  uleb(type),
];
