// The shape of a build: exactly the imports, exports, globals and memories that the pipeline writes, nothing else.
import {
  ASYNCIFY_FUNCTIONS,
  abiOf,
  type Build,
  ENTRY_EXPORTS,
  EngineExport,
  GLOBAL_EXPORT_PREFIX,
} from './abi/engine-names.js';
import { ValueType } from './binary/types.js';
import { STACK_PAGES_MAXIMUM } from './limits.js';
import { checkEntries } from './module/entry-exports.js';
import { type Export, ExportKind, type ModuleFacts } from './module/module-facts.js';
import { guardBody } from './rewrite/growth-guard.js';

/** What is wrong with the shape, or null. */
export function preparedFault(facts: ModuleFacts, build: Build): string | null {
  if (checkEntries(facts) !== abiOf(build)) return `its exports are not those of the build "${build}"`;
  return memoryFault(facts, build) ?? exportFault(facts, build) ?? growthFault(facts) ?? globalFault(facts);
}

function memoryFault({ stackMemory, yieldFunction }: ModuleFacts, build: Build): string | null {
  if (build === 'step') return null;
  if (yieldFunction === null) return 'it cannot stop';
  if (stackMemory === null) return 'the memory of its stack is missing';
  const { minimum, maximum } = stackMemory;
  const isFixed = minimum === maximum && minimum >= 1 && minimum <= STACK_PAGES_MAXIMUM;
  return isFixed ? null : 'the memory of its stack has no fixed size, or an impossible one';
}

/** Every export by its name, kind and type; each needed one once. */
function exportFault(facts: ModuleFacts, build: Build): string | null {
  const allowed = allowedExports(facts, build);
  const seen = new Set<string>();
  for (const item of facts.exports) {
    const isAllowed = allowed.get(item.name);
    if (isAllowed === undefined || !isAllowed(item)) return `it exports "${item.name}" where the pipeline does not`;
    seen.add(item.name);
  }
  if (seen.size !== facts.exports.length) return 'it exports a name twice';
  const missing = [...allowed.keys()].find((name) => !seen.has(name) && name !== '_initialize');
  return missing === undefined ? null : `it does not export "${missing}"`;
}

function allowedExports(facts: ModuleFacts, build: Build): Map<string, (item: Export) => boolean> {
  const global =
    (type: number) =>
    ({ kind, index }: Export): boolean =>
      kind === ExportKind.global && facts.globals[index]?.type === type && facts.globals[index]?.isMutable === true;
  const memory =
    (number: number) =>
    ({ kind, index }: Export): boolean =>
      kind === ExportKind.memory && index === number;
  const allowed = new Map<string, (item: Export) => boolean>([
    ['memory', memory(0)],
    [EngineExport.fuel, global(ValueType.i64)],
    [EngineExport.floor, global(ValueType.i64)],
    [EngineExport.depth, global(ValueType.i64)],
    [EngineExport.growthRefused, global(ValueType.i32)],
  ]);
  // Their types were checked as those of the ABI.
  for (const name of ENTRY_EXPORTS[abiOf(build)]) allowed.set(name, ({ kind }) => kind === ExportKind.function);
  for (const [number, index] of programGlobals(facts).entries())
    allowed.set(`${GLOBAL_EXPORT_PREFIX}${number}`, (item) => item.kind === ExportKind.global && item.index === index);
  if (build === 'step') return allowed;
  allowed.set(EngineExport.stack, memory(1));
  for (const [name, { parameters, results }] of ASYNCIFY_FUNCTIONS)
    allowed.set(
      name,
      ({ kind, index }) => kind === ExportKind.function && takes(facts, index, { parameters, results }),
    );
  return allowed;
}

/** The program's own variable globals stand before ours. */
function programGlobals({ globals, exports }: ModuleFacts): number[] {
  const fuel = exports.find(({ name }) => name === EngineExport.fuel)?.index ?? 0;
  return globals.map((_, index) => index).filter((index) => index < fuel && globals[index]?.isMutable === true);
}

function takes(facts: ModuleFacts, index: number, wanted: { parameters: number; results: number }): boolean {
  const type = facts.types[facts.functionTypes[index] ?? -1];
  const count = (types: readonly number[] | undefined): number =>
    types?.filter((t) => t === ValueType.i32).length ?? -1;
  return (
    index >= facts.importCount &&
    type !== undefined &&
    type.parameters.length === wanted.parameters &&
    type.results.length === wanted.results &&
    count(type.parameters) === wanted.parameters &&
    count(type.results) === wanted.results
  );
}

/** Memory grows through the guard alone, which is the last function and alone has the flag, the last global. */
function growthFault(facts: ModuleFacts): string | null {
  const guard = facts.bodies.length - 1;
  const flag = facts.globals.length - 1;
  const expected = guardBody(facts.memory.maximum ?? 0, flag);
  const body = facts.bodies[guard];
  const isGuard = body?.length === expected.length && expected.every((byte, index) => body[index] === byte);
  if (!isGuard || facts.growSites.some((site) => site.body !== guard)) return 'its memory grows outside the guard';
  if (facts.exports.find(({ name }) => name === EngineExport.growthRefused)?.index !== flag)
    return 'the flag of the guard is not where the guard sets it';
  return facts.globalsUsed.slice(0, guard).some((used) => used.has(flag))
    ? 'the flag of the guard is used elsewhere'
    : null;
}

/** Fuel, floor and depth are three globals in a row behind the program's own. */
function globalFault({ exports }: ModuleFacts): string | null {
  const [fuel = 0, floor, depth] = [EngineExport.fuel, EngineExport.floor, EngineExport.depth].map(
    (wanted) => exports.find(({ name }) => name === wanted)?.index,
  );
  return floor === fuel + 1 && depth === fuel + 2 ? null : 'the globals of the instrumentation are out of order';
}
