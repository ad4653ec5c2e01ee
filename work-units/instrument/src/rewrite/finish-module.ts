// The last stage: NaN helpers put in place, memory bounds, the growth guard, the stack's memory exported.
import { EngineExport, YIELD_IMPORT } from '../abi/engine-names.js';
import type { DepthBounds } from '../analysis/depth-plan.js';
import { encodeSigned, encodeU32 } from '../binary/byte-writer.js';
import type { FunctionType } from '../binary/types.js';
import { ValueType } from '../binary/types.js';
import type { GlobalItem, ModuleLayout } from '../layout/module-layout.js';
import { ExportKind } from '../module/module-facts.js';
import { Opcode } from '../module/opcodes.js';
import { finishBody } from './finish-body.js';
import { guardBody } from './growth-guard.js';

const HAS_MAXIMUM = 1;
const GUARD_TYPE: FunctionType = { parameters: [ValueType.i32], results: [ValueType.i32] };

export type FinishOptions = {
  maximumPages: number;
  minimumPages: number;
  /** How many functions with bodies the program had; the NaN helpers stand behind them when it has floats. */
  programFunctions: number;
  hasFloat: boolean;
};

export function finishLayout(layout: ModuleLayout, options: FinishOptions): ModuleLayout {
  const { maximumPages, minimumPages, programFunctions, hasFloat } = options;
  const functionCount = layout.imports.length + layout.functions.length;
  const flagGlobal = layout.globals.length;
  const firstNanHelper = hasFloat ? layout.imports.length + programFunctions : null;
  const indexOf = (wanted: string): number => layout.exports.find(({ name }) => name === wanted)?.index ?? -1;
  const yieldFunction = layout.imports.findIndex(({ module }) => module === YIELD_IMPORT.module);
  const context = {
    guardFunction: functionCount,
    firstNanHelper,
    fuelGlobal: indexOf(EngineExport.fuel),
    floorGlobal: indexOf(EngineExport.floor),
    yieldFunction: yieldFunction < 0 ? null : yieldFunction,
  };
  const bodies = layout.bodies.map((body, index) => {
    const type = layout.types[layout.functions[index] as number] as FunctionType;
    return finishBody(body, type.parameters.length, context);
  });
  const exports = [...layout.exports, { name: EngineExport.growthRefused, kind: ExportKind.global, index: flagGlobal }];
  if (layout.memories.length > 1) exports.push({ name: EngineExport.stack, kind: ExportKind.memory, index: 1 });
  const memory = Uint8Array.from([HAS_MAXIMUM, ...encodeU32(minimumPages), ...encodeU32(maximumPages)]);
  return {
    ...layout,
    types: [...layout.types, GUARD_TYPE],
    functions: [...layout.functions, layout.types.length],
    memories: [memory, ...layout.memories.slice(1)],
    globals: [...layout.globals, flag()],
    exports,
    bodies: [...bodies, guardBody(maximumPages, flagGlobal)],
  };
}

/** The depth that a program starts with, and the size of the memory for its stack, are known only after all its builds were made. */
export function withDepthBounds(layout: ModuleLayout, { limit, stackPages }: DepthBounds): ModuleLayout {
  const depthGlobal = layout.exports.find(({ name }) => name === EngineExport.depth)?.index;
  const initial = Uint8Array.from([Opcode.i64Const, ...encodeSigned(limit), Opcode.end]);
  const [memory, ...ofStack] = layout.memories as [Uint8Array, ...Uint8Array[]];
  return {
    ...layout,
    memories: [memory, ...ofStack.map(() => Uint8Array.of(HAS_MAXIMUM, stackPages, stackPages))],
    globals: layout.globals.map((item, index) => (index === depthGlobal ? { ...item, initial } : item)),
  };
}

function flag(): GlobalItem {
  return { type: ValueType.i32, isMutable: true, initial: Uint8Array.of(Opcode.i32Const, 0, Opcode.end) };
}
