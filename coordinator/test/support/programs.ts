// The smallest programs of either kind, and what the pipeline makes of them, made once for each file of tests.
import { type Block, type FileRef, MODULE_MAXIMUM_BYTES, splitFile, utf8Bytes } from '@manyhands/contract';
import { buildApp } from '@manyhands/instrument';

const MEMORY_MAXIMUM_BYTES = 16 * 65536;
const HEAD = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const ONE_PAGE = [0x05, 0x03, 0x01, 0x00, 0x01];
const exported = (name: string, kind: number, index: number): number[] => [
  name.length,
  ...utf8Bytes(name),
  kind,
  index,
];

/** A command that does nothing: one page of memory and an empty _start. */
export const COMMAND = Uint8Array.from([
  ...HEAD,
  ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00], // one type: no parameters, no results
  ...[0x03, 0x02, 0x01, 0x00], // one function of it
  ...ONE_PAGE,
  ...[0x07, 0x13, 0x02, ...exported('memory', 2, 0), ...exported('_start', 0, 0)],
  ...[0x0a, 0x04, 0x01, 0x02, 0x00, 0x0b], // the empty body
]);

/** A program in steps that is done after the first. */
export const STEPS = Uint8Array.from([
  ...HEAD,
  ...[0x01, 0x08, 0x02, 0x60, 0x00, 0x00, 0x60, 0x00, 0x01, 0x7f], // () -> () and () -> i32
  ...[0x03, 0x03, 0x02, 0x00, 0x01], // init and finish are the same function
  ...ONE_PAGE,
  ...[0x07, 0x21, 0x04, ...exported('memory', 2, 0), ...exported('init', 0, 0)],
  ...[...exported('step', 0, 1), ...exported('finish', 0, 0)],
  ...[0x0a, 0x09, 0x02, 0x02, 0x00, 0x0b, 0x04, 0x00, 0x41, 0x00, 0x0b], // nothing; 0
]);

export type Program = {
  readonly original: FileRef;
  readonly builds: Readonly<Record<string, FileRef>>;
  readonly memoryMaximumBytes: number;
  readonly blocks: readonly Block[];
};

const programs = new Map<Uint8Array, Promise<Program>>();

/** The record's part and the blocks of a program as the pipeline makes it. Steps need no rewriting of the stack, so that they are made in no time. */
export function programOf(wasm: Uint8Array = STEPS): Promise<Program> {
  const known = programs.get(wasm) ?? build(wasm);
  programs.set(wasm, known);
  return known;
}

async function build(wasm: Uint8Array): Promise<Program> {
  const limits = { memoryMaximumBytes: MEMORY_MAXIMUM_BYTES, moduleMaximumBytes: MODULE_MAXIMUM_BYTES };
  const { builds, memoryMaximumBytes } = await buildApp(wasm, limits);
  return published(wasm, builds, memoryMaximumBytes);
}

/** A program with builds that somebody says are its own. */
export function published(
  original: Uint8Array,
  builds: Readonly<Record<string, Uint8Array>>,
  memoryMaximumBytes = MEMORY_MAXIMUM_BYTES,
): Program {
  const split = Object.entries(builds).map(([name, bytes]) => ({ name, ...splitFile(bytes) }));
  const first = splitFile(original);
  return {
    original: first.ref,
    builds: Object.fromEntries(split.map(({ name, ref }) => [name, ref])),
    memoryMaximumBytes,
    blocks: [...first.blocks, ...split.flatMap(({ blocks }) => blocks)],
  };
}
