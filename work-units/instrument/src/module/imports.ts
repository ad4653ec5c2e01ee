// The import section: functions of WASI preview 1 with their right types, nothing else.
import { type Build, YIELD_IMPORT } from '../abi/engine-names.js';
import { WASI_FUNCTIONS, WASI_MODULE } from '../abi/wasi-functions.js';
import type { ByteReader } from '../binary/byte-reader.js';
import { describeType, type FunctionType } from '../binary/types.js';
import { malformed, refuse, withinLimit } from '../refusal.js';
import { type ForeignImport, refuseForeign, THREADS } from './foreign-imports.js';
import type { ModuleFacts } from './module-facts.js';
import { RESERVED_NAMES, refuseReserved } from './reserved-names.js';

const FUNCTION_KIND = 0;
const MEMORY_KIND = 2;
const UNKNOWN_WASI = {
  why: 'only the functions of preview 1 give the same answers on every host',
  instead: 'rebuild with a toolchain for preview 1 and without extensions',
};

export function readImports(reader: ByteReader, facts: ModuleFacts): void {
  const foreign: ForeignImport[] = [];
  reader.list(
    () => readImport(reader, facts, foreign),
    (count) => withinLimit('imports', count, facts.limits),
  );
  if (foreign.length > 0) refuseForeign(foreign);
}

/** Foreign functions are collected, so that all of them are named at once. */
function readImport(reader: ByteReader, facts: ModuleFacts, foreign: ForeignImport[]): void {
  facts.importCount++;
  const module = reader.name();
  const name = reader.name();
  withinLimit('nameBytes', Math.max(module.length, name.length), facts.limits);
  const kind = reader.u8();
  if (kind === MEMORY_KIND) refuseMemory(module, name);
  if (isYield(module, name, facts.build) && kind === FUNCTION_KIND) {
    readYield(reader, facts);
    return;
  }
  if (RESERVED_NAMES.test(module)) refuseReserved({ name: module, where: 'imports from' });
  if (module !== WASI_MODULE) {
    foreign.push({ module, name });
    if (kind !== FUNCTION_KIND) refuseForeign(foreign);
    reader.u32();
    return;
  }
  const expected = WASI_FUNCTIONS.get(name);
  if (kind !== FUNCTION_KIND || expected === undefined) refuseName(name);
  const typeIndex = reader.u32();
  const actual = facts.types[typeIndex] ?? malformed(`import "${name}" has an unknown type`);
  if (!isSameType(actual, expected)) refuseSignature(name, { actual, expected });
  facts.imports.push(name);
  facts.functionTypes.push(typeIndex);
}

function isYield(module: string, name: string, build: Build | null): boolean {
  return (build === 'nonleaf' || build === 'all') && module === YIELD_IMPORT.module && name === YIELD_IMPORT.name;
}

function readYield(reader: ByteReader, facts: ModuleFacts): void {
  const typeIndex = reader.u32();
  const type = facts.types[typeIndex];
  if (facts.yieldFunction !== null || type === undefined || type.parameters.length + type.results.length > 0)
    malformed('it imports the stop of the instrumentation twice or with another type');
  facts.yieldFunction = facts.functionTypes.push(typeIndex) - 1;
}

function isSameType(left: FunctionType, right: FunctionType): boolean {
  return describeType(left) === describeType(right);
}

function refuseMemory(module: string, name: string): never {
  return refuse('MH-MOD-006', {
    reason: 'imported-memory',
    what: `The module imports its memory ("${module}" "${name}") instead of having its own`,
    why: 'the host could not bound it by the module’s own declaration',
    instead: 'link without --import-memory (and without threads)',
  });
}

function refuseName(name: string): never {
  return refuse('MH-MOD-003', {
    reason: 'unknown-import',
    what: `The module imports "${name}" from "${WASI_MODULE}", but WASI preview 1 has no such function`,
    ...(name === 'thread-spawn' || name === 'thread_spawn' ? THREADS : UNKNOWN_WASI),
  });
}

function refuseSignature(name: string, types: { actual: FunctionType; expected: FunctionType }): never {
  return refuse('MH-MOD-012', {
    reason: 'import-type',
    what: `The module imports "${name}" as ${describeType(types.actual)}, but in WASI preview 1 it is ${describeType(types.expected)}`,
    why: 'the host would read other values than the program meant',
    instead: 'correct the declaration, or rebuild with a toolchain for preview 1',
  });
}
