// Makes the case of a generated program: builds it as an app version would be, and says what its reference comes to.
import { describeResult, digestResult, rawCidOf } from '@manyhands/contract';
import { type Build, buildApp, validatePrepared } from '@manyhands/instrument';
import { emitGuest, emitReference, MEMORY_PAGES_MAXIMUM } from '../program/emit-module.js';
import { generateProgram } from '../program/generate.js';
import type { Program } from '../program/syntax.js';
import { type Expected, runReference } from '../reference-run.js';
import { type EngineCase, toBase64 } from './engine-case.js';

/** Short, so that many programs are tried; every mark and every stop is one more chance to differ. */
const SHORT = { fuelMaximum: 60_000, markSpacing: 5_000, sliceFuel: 2_000 };
/** Long enough for endless recursion to reach the limit of depth. */
const LONG = { fuelMaximum: 2_000_000, markSpacing: 250_000, sliceFuel: 100_000 };
const LONG_EVERY = 8;
const MEMORY_MAXIMUM_BYTES = MEMORY_PAGES_MAXIMUM * 65_536;
const MODULE_MAXIMUM_BYTES = 4 * 1024 * 1024;
const ARGUMENTS = ['generated'];

/** The case of a seed. */
export function generatedCase(seed: number): Promise<EngineCase> {
  return caseOf(generateProgram(seed), String(seed));
}

export function caseOf(program: Program, name: string): Promise<EngineCase> {
  return moduleCase(emitGuest(program), {
    name,
    args: ARGUMENTS,
    memoryMaximumBytes: MEMORY_MAXIMUM_BYTES,
    ...boundsOf(name),
  });
}

const boundsOf = (name: string): typeof SHORT => (Number(name) % LONG_EVERY === 0 ? LONG : SHORT);

export type CaseOptions = Omit<EngineCase, 'builds' | 'files' | 'stdinBase64' | 'collect'> & {
  stdin?: Uint8Array;
  files?: readonly { name: string; bytes: Uint8Array }[];
};

/** The case of a compiled program, built as an app version would be. */
export async function moduleCase(wasm: Uint8Array, options: CaseOptions): Promise<EngineCase> {
  const { stdin = new Uint8Array(0), files = [], ...rest } = options;
  const limits = { memoryMaximumBytes: options.memoryMaximumBytes, moduleMaximumBytes: MODULE_MAXIMUM_BYTES };
  const { builds, memoryMaximumBytes } = await buildApp(wasm, limits);
  const prepared = (Object.entries(builds) as [Build, Uint8Array][]).map(([build, bytes]) => {
    validatePrepared(bytes, { memoryMaximumBytes, build });
    return { build, moduleCid: rawCidOf(bytes), wasmBase64: toBase64(bytes) };
  });
  return {
    ...rest,
    builds: prepared,
    stdinBase64: toBase64(stdin),
    files: files.map(({ name, bytes }) => ({ name, base64: toBase64(bytes) })),
    collect: [],
  };
}

/** What the instrumented program must come to, as one line; null when the reference cannot tell. */
export function expectedOf(program: Program, name: string): string | null {
  const { fuelMaximum } = boundsOf(name);
  const options = { fuelMaximum, seed: new Uint8Array(32), args: ARGUMENTS };
  const expected = runReference(emitReference(program, fuelMaximum), options);
  return expected.kind === 'unknown' ? null : wordsOf(expected);
}

function wordsOf(expected: Exclude<Expected, { kind: 'unknown' }>): string {
  if (expected.kind === 'unit-failure')
    return words(expected.kind, expected.fuel, `${expected.code} ${expected.exitCode}`);
  const record = describeResult({ exitCode: 0, stdout: expected.stdout, files: [] });
  return words(expected.kind, expected.fuel, Buffer.from(digestResult(record)).toString('hex'));
}

export function words(kind: string, fuel: number, detail: string): string {
  return `${kind} fuel ${fuel} ${detail}`;
}
