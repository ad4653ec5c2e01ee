// Makes the case of a generated program: builds it as an app version would be, and says what its reference comes to.
import { createHash } from 'node:crypto';
import { describeResult, digestResult, rawCidOf } from '@manyhands/contract';
import { type Build, buildApp, validatePrepared } from '@manyhands/instrument';
import { emitGuest, emitReference, MEMORY_PAGES_MAXIMUM } from '../program/emit-module.js';
import { generateProgram } from '../program/generate.js';
import type { Program } from '../program/syntax.js';
import { type Expected, runReference } from '../reference-run.js';
import { type EngineCase, toBase64 } from './engine-case.js';

const FUEL_MAXIMUM = 60_000;
const MARK_SPACING = 5_000;
const SLICE_FUEL = 2_000;
const MEMORY_MAXIMUM_BYTES = MEMORY_PAGES_MAXIMUM * 65_536;
const MODULE_MAXIMUM_BYTES = 4 * 1024 * 1024;
const ARGUMENTS = ['generated'];

/** The case of a seed. */
export function generatedCase(seed: number): Promise<EngineCase> {
  return caseOf(generateProgram(seed), String(seed));
}

export async function caseOf(program: Program, name: string): Promise<EngineCase> {
  const limits = { memoryMaximumBytes: MEMORY_MAXIMUM_BYTES, moduleMaximumBytes: MODULE_MAXIMUM_BYTES };
  const { builds, memoryMaximumBytes } = await buildApp(emitGuest(program), limits);
  const prepared = (Object.entries(builds) as [Build, Uint8Array][]).map(([build, wasm]) => {
    validatePrepared(wasm, { memoryMaximumBytes, build });
    return { build, moduleCid: rawCidOf(wasm), wasmBase64: toBase64(wasm) };
  });
  return {
    name,
    builds: prepared,
    args: ARGUMENTS,
    files: [],
    collect: [],
    memoryMaximumBytes,
    fuelMaximum: FUEL_MAXIMUM,
    markSpacing: MARK_SPACING,
    sliceFuel: SLICE_FUEL,
  };
}

/** What the instrumented program must come to, as one line; null when the reference cannot tell. */
export function expectedOf(program: Program): string | null {
  const options = { fuelMaximum: FUEL_MAXIMUM, seed: new Uint8Array(32), args: ARGUMENTS };
  const expected = runReference(emitReference(program, FUEL_MAXIMUM), options);
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

/** Names a module in file names. */
export function shortDigest(wasm: Uint8Array): string {
  return createHash('sha256').update(wasm).digest('hex').slice(0, 12);
}
