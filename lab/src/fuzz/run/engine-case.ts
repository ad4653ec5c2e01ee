// One unit to run everywhere, as plain data that every process and page can read.
import type { Build } from '@manyhands/contract';
import { DEFAULT_UNIT_LIMITS, type UnitInput } from '@manyhands/runtime';

export type EngineCase = {
  /** Names the case in reports; for generated programs the seed. */
  name: string;
  builds: { build: Build; moduleCid: string; wasmBase64: string }[];
  args: string[];
  stdinBase64: string;
  files: { name: string; base64: string }[];
  collect: string[];
  memoryMaximumBytes: number;
  fuelMaximum: number;
  /** Fuel between two marks. */
  markSpacing: number;
  /** Slices are of about this much fuel, at random. */
  sliceFuel: number;
};

/** How one run of one build ended: equal on every host. */
export type CaseResult = {
  name: string;
  build: Build;
  kind: string;
  code: string | null;
  exitCode: number | null;
  fuel: number;
  /** Digest of the result, or null for a failure. */
  digest: string | null;
  markCount: number;
  chainRoot: string | null;
};

/** `problems`: what differed between two runs of the same process. */
export type CaseReport = { results: CaseResult[]; problems: string[] };

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += 32_768)
    text += String.fromCharCode(...bytes.subarray(start, start + 32_768));
  return btoa(text);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** The unit of a case. Its seed is fixed: the same randomness everywhere. */
export function unitOf(engineCase: EngineCase): UnitInput {
  const { args, stdinBase64, files, collect, memoryMaximumBytes, fuelMaximum } = engineCase;
  return {
    args,
    stdin: fromBase64(stdinBase64),
    files: files.map(({ name, base64 }) => ({ name, bytes: fromBase64(base64) })),
    collect,
    okExitCodes: [0],
    seed: new Uint8Array(32),
    limits: { ...DEFAULT_UNIT_LIMITS, memoryMaximumBytes },
    fuelMaximum,
  };
}

export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
