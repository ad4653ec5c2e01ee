// The import section: functions of WASI preview 1 with their right types, nothing else.
import { type Build, YIELD_IMPORT } from '../abi/engine-names.js';
import { WASI_FUNCTIONS, WASI_MODULE } from '../abi/wasi-functions.js';
import type { ByteReader } from '../binary/byte-reader.js';
import { malformed, refuse, withinLimit } from '../refusal.js';
import type { ModuleFacts } from './module-facts.js';
import { RESERVED_NAMES, refuseReserved } from './reserved-names.js';
import { describeType, type FunctionType } from './types.js';

const FUNCTION_KIND = 0;
const MEMORY_KIND = 2;

export function readImports(reader: ByteReader, facts: ModuleFacts): void {
  reader.list(
    () => readImport(reader, facts),
    (count) => withinLimit('imports', count, facts.limits),
  );
}

function readImport(reader: ByteReader, facts: ModuleFacts): void {
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
  if (module !== WASI_MODULE) refuseModule(module, name);
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
    message:
      `The module imports its memory ("${module}" "${name}") instead of having its own. The host could not bound it by the module’s own declaration. ` +
      'Link without --import-memory (and without threads).',
  });
}

function refuseModule(module: string, name: string): never {
  const advice: Readonly<Record<string, string>> = {
    env:
      name === 'abort'
        ? 'AssemblyScript: build with --use abort= (or use the WASI shim).'
        : `The function "${name}" was missing when the program was linked: add the library that has it, or remove the call (check for -Wl,--allow-undefined).`,
    wasi_unstable: 'The toolchain is too old: rebuild with a wasi-libc for preview 1 (wasi_snapshot_preview1).',
  };
  return refuse('MH-MOD-003', {
    reason: 'foreign-import',
    message:
      `The module imports "${name}" from "${module}". Only the functions of WASI preview 1 ("${WASI_MODULE}") exist inside a unit, because only they give the same ` +
      `answers on every host. ${Object.hasOwn(advice, module) ? advice[module] : 'Compile for wasm32-wasi as a plain command, without bindings to JavaScript or to other systems.'}`,
  });
}

function refuseName(name: string): never {
  return refuse('MH-MOD-003', {
    reason: 'unknown-import',
    message: `The module imports "${name}" from "${WASI_MODULE}", but WASI preview 1 has no such function. Rebuild with a toolchain for preview 1 and without extensions such as threads.`,
  });
}

function refuseSignature(name: string, types: { actual: FunctionType; expected: FunctionType }): never {
  return refuse('MH-MOD-012', {
    reason: 'import-type',
    message: `The module imports "${name}" as ${describeType(types.actual)}, but in WASI preview 1 it is ${describeType(types.expected)}. Correct the declaration, or rebuild with a toolchain for preview 1.`,
  });
}
