// Value types and function types.

import { MODULE_LIMITS } from '../limits.js';
import { malformed, refuse, withinLimit } from '../refusal.js';
import type { ByteReader } from './byte-reader.js';

export const ValueType = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export const FUNCTION_REFERENCE = 0x70;
const EXTERNAL_REFERENCE = 0x6f;
const FUNCTION_FORM = 0x60;
/** Recursive groups, subtypes, structures and arrays of the garbage collection proposal. */
const COLLECTED_FORMS: readonly number[] = [0x4e, 0x4f, 0x50, 0x5e, 0x5f];
const NAMES: Readonly<Record<number, string>> = { 127: 'i32', 126: 'i64', 125: 'f32', 124: 'f64', 123: 'v128' };

export type FunctionType = { parameters: readonly number[]; results: readonly number[] };

export function isValueType(byte: number): boolean {
  return NAMES[byte] !== undefined;
}

export function isFloatType(byte: number): boolean {
  return byte === ValueType.f32 || byte === ValueType.f64;
}

/** A number or vector type; references are refused. */
export function readValueType(reader: ByteReader): number {
  const byte = reader.u8();
  return isValueType(byte) ? byte : refuseType(byte);
}

/** Refuses whatever stands where only a number or vector type may. */
export function refuseType(byte: number): never {
  if (byte === FUNCTION_REFERENCE || byte === EXTERNAL_REFERENCE)
    return refuse('MH-MOD-011', {
      reason: 'reference-types',
      what: 'The module passes references around (funcref or externref)',
      why: 'a stopped program could not be stored and resumed on another machine with them',
      instead:
        'use function pointers (plain indices into the table), which all C, C++ and Rust compilers use by default',
    });
  if (byte >= 0x60 && byte <= 0x74) return refuseCollected();
  return malformed(`0x${byte.toString(16)} is not a type`);
}

export function readFunctionType(reader: ByteReader): FunctionType {
  const form = reader.u8();
  if (COLLECTED_FORMS.includes(form)) refuseCollected();
  if (form !== FUNCTION_FORM) malformed(`0x${form.toString(16)} is not the form of a function type`);
  const readList = (): number[] =>
    reader.list(
      () => readValueType(reader),
      (count) => withinLimit('typeValues', count, MODULE_LIMITS),
    );
  return { parameters: readList(), results: readList() };
}

/** For example `(i32, i64) -> i32`. */
export function describeType({ parameters, results }: FunctionType): string {
  const names = (types: readonly number[]): string => types.map((type) => NAMES[type] ?? '?').join(', ');
  return `(${names(parameters)}) -> (${names(results)})`;
}

function refuseCollected(): never {
  return refuse('MH-MOD-011', {
    reason: 'gc',
    what: 'The module uses garbage-collected or typed references',
    why: 'when the engine collects is not the same everywhere, and such values cannot be stored in a checkpoint',
    instead: 'compile to linear memory (C, C++, Rust, Zig, TinyGo, AssemblyScript)',
  });
}
