// The first stage: the program's own module with fuel and depth metered, its foreign exports gone, and our globals added.
import {
  type Abi,
  abiOf,
  type Build,
  ENTRY_EXPORTS,
  EngineExport,
  GLOBAL_EXPORT_PREFIX,
  YIELD_IMPORT,
} from '../abi/engine-names.js';
import { concatenate, encodeU32 } from '../binary/byte-writer.js';
import { describeType, type FunctionType, ValueType } from '../binary/types.js';
import { InstructionCursor } from '../layout/instruction-cursor.js';
import { BodyLocals } from '../layout/locals.js';
import { type GlobalItem, type ModuleLayout, writeLayout } from '../layout/module-layout.js';
import { type ElementSegment, type Export, ExportKind, type ModuleFacts } from '../module/module-facts.js';
import { Opcode } from '../module/opcodes.js';
import { SectionId } from '../module/sections.js';
import { type MeterContext, meterBody } from './meter-body.js';
import { canonicalConstant, helperBody, localTypeOf, NAN_KINDS } from './nan-points.js';

const EMPTY_BLOCK = 0x40;
const DATA_DROP = 9;

/** `weights` has for each function with a body what one call takes from the depth, 0 for those that are bounded statically. */
export type MeterInput = { facts: ModuleFacts; layout: ModuleLayout; build: Build; weights: readonly number[] };

export function meterModule({ facts, layout, build, weights }: MeterInput): Uint8Array {
  const isCommand = abiOf(build) === 'command';
  const types = new TypeTable(layout.types);
  const importCount = layout.imports.length;
  const flags = dropFlags(facts);
  const flagCount = flags.filter((flag) => flag !== null).length;
  const ours = layout.globals.length + flagCount;
  const context: MeterContext = {
    build,
    fuelGlobal: ours,
    floorGlobal: ours + 1,
    depthGlobal: ours + 2,
    yieldFunction: isCommand ? importCount : null,
    firstDefined: importCount,
    functionShift: isCommand ? 1 : 0,
    dropFlags: flags,
    firstNanHelper: facts.hasFloat ? importCount + (isCommand ? 1 : 0) + layout.functions.length : null,
    globalTypes: layout.globals.map(({ type }) => type),
  };
  const bodies = layout.bodies.map((body, index) => {
    const type = types.all[layout.functions[index] as number] as FunctionType;
    const weightBytes = weights[index] ?? 0;
    const depth = weightBytes > 0 ? { weightBytes, blockType: blockTypeOf(type.results, types) } : null;
    return meterBody({ body, parameterCount: type.parameters.length, depth }, context);
  });
  const imports = [...layout.imports];
  if (isCommand) imports.push({ ...YIELD_IMPORT, type: types.indexOf({ parameters: [], results: [] }) });
  const globals = [
    ...layout.globals.map((item) => ({ ...item, initial: canonicalConstant(item.initial[0] ?? 0, item.initial) })),
    ...Array.from({ length: flagCount }, () => variable(ValueType.i32, [Opcode.i32Const, 0])),
    ...Array.from({ length: 3 }, () => variable(ValueType.i64, [Opcode.i64Const, 0])),
  ];
  const raw = new Map(layout.raw);
  if (facts.elements.length > 0) raw.set(SectionId.element, elementSection(facts.elements, context));
  const exports = [...ownExports(facts, context), ...globalExports(globals, context.fuelGlobal)];
  const functions = [...layout.functions];
  if (facts.hasFloat)
    for (const kind of NAN_KINDS) {
      const type = [localTypeOf(kind)];
      functions.push(types.indexOf({ parameters: type, results: type }));
      bodies.push(helperBody(kind));
    }
  return writeLayout({ ...layout, types: types.all, imports, functions, globals, exports, bodies, raw });
}

/** By data segment: its flag's global, or null when the segment is not passive or nothing drops it. */
function dropFlags(facts: ModuleFacts): (number | null)[] {
  const dropped = new Set<number>();
  for (const body of facts.bodies) {
    const cursor = new InstructionCursor(body, new BodyLocals(body, 0).codeStart);
    while (cursor.next())
      if (cursor.opcode === Opcode.miscellaneous && cursor.minor === DATA_DROP) dropped.add(cursor.index);
  }
  let next = facts.globals.length;
  return facts.data.map(({ isPassive }, index) => (isPassive && dropped.has(index) ? next++ : null));
}

function variable(type: number, constant: readonly number[]): GlobalItem {
  return { type, isMutable: true, initial: Uint8Array.from([...constant, Opcode.end]) };
}

/** The exports of the ABI; all others of the program go. */
function ownExports({ exports }: ModuleFacts, { build, firstDefined, functionShift }: MeterContext): Export[] {
  const entries = ENTRY_EXPORTS[abiOf(build) satisfies Abi];
  const kept = exports.filter(
    ({ name, kind }) =>
      (kind === ExportKind.memory && name === 'memory') || (kind === ExportKind.function && entries.includes(name)),
  );
  return kept.map(({ name, kind, index }) => ({
    name,
    kind,
    index: kind === ExportKind.function && index >= firstDefined ? index + functionShift : index,
  }));
}

function globalExports(globals: readonly GlobalItem[], fuelGlobal: number): Export[] {
  const ofProgram = globals
    .map(({ isMutable }, index) => ({ isMutable, index }))
    .filter(({ isMutable, index }) => isMutable && index < fuelGlobal)
    .map(({ index }, number) => ({ name: `${GLOBAL_EXPORT_PREFIX}${number}`, index }));
  const ours = [EngineExport.fuel, EngineExport.floor, EngineExport.depth].map((name, offset) => ({
    name,
    index: fuelGlobal + offset,
  }));
  return [...ours, ...ofProgram].map(({ name, index }) => ({ name, kind: ExportKind.global, index }));
}

function elementSection(segments: readonly ElementSegment[], context: MeterContext): Uint8Array {
  const { firstDefined, functionShift } = context;
  const shifted = (index: number): number => (index < firstDefined ? index : index + functionShift);
  const items = segments.map(({ offset, functions }) => {
    const hasNull = functions.includes(null);
    const entries = functions.map((index) => {
      if (!hasNull) return encodeU32(shifted(index as number));
      return index === null ? [Opcode.refNull, 0x70, 0x0b] : [Opcode.refFunc, ...encodeU32(shifted(index)), 0x0b];
    });
    return concatenate([[hasNull ? 4 : 0], offset, encodeU32(entries.length), ...entries]);
  });
  return concatenate([encodeU32(items.length), ...items]);
}

function blockTypeOf(results: readonly number[], types: TypeTable): readonly number[] {
  if (results.length === 0) return [EMPTY_BLOCK];
  const [only] = results;
  return results.length === 1 && only !== undefined ? [only] : signedIndex(types.indexOf({ parameters: [], results }));
}

/** The types of a module; the first of equal ones counts. */
class TypeTable {
  readonly all: FunctionType[];
  readonly #indices = new Map<string, number>();

  constructor(types: readonly FunctionType[]) {
    this.all = [...types];
    for (const [index, type] of types.entries()) {
      const name = describeType(type);
      if (!this.#indices.has(name)) this.#indices.set(name, index);
    }
  }

  /** Adds the type when it is not there. */
  indexOf(wanted: FunctionType): number {
    const name = describeType(wanted);
    const index = this.#indices.get(name) ?? this.all.push(wanted) - 1;
    this.#indices.set(name, index);
    return index;
  }
}

/** A type index as the type of a block: a signed number that is never negative. */
function signedIndex(index: number): readonly number[] {
  const bytes = encodeU32(index);
  const last = bytes[bytes.length - 1] as number;
  return last < 0x40 ? bytes : [...bytes.slice(0, -1), last | 0x80, 0];
}
