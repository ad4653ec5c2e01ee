// Writes one function anew: fuel is charged and checked, bulk operations pay first, dropped segments are remembered, NaN values made canonical.
import type { Build } from '../abi/engine-names.js';
import { ByteSink } from '../binary/byte-sink.js';
import { encodeSigned, encodeU32 } from '../binary/byte-writer.js';
import { ValueType } from '../binary/types.js';
import { FUEL, isHeavy } from '../layout/cost-table.js';
import { type FuelRegion, findRegions } from '../layout/fuel-regions.js';
import { InstructionCursor } from '../layout/instruction-cursor.js';
import { BodyLocals } from '../layout/locals.js';
import { Opcode } from '../module/opcodes.js';
import { canonicalConstant, kindAfter, kindBefore, kindOfType, NAN_KINDS, type NanKind } from './nan-points.js';

/** What stands at the same place in the whole module. Indices are those of the module that is written. */
export type MeterContext = {
  build: Build;
  fuelGlobal: number;
  floorGlobal: number;
  depthGlobal: number;
  /** Number of the yield import, or null without one. */
  yieldFunction: number | null;
  /** Functions from this one on get `functionShift` added to their number. */
  firstDefined: number;
  functionShift: number;
  /** By data segment: the global that tells that it was dropped, or null when nothing drops it. */
  dropFlags: readonly (number | null)[];
  /** Number of the first helper that makes NaN values canonical, or null when the program has no floats. */
  firstNanHelper: number | null;
  globalTypes: readonly number[];
};

export type MeteredFunction = {
  body: Uint8Array;
  parameterCount: number;
  /** What one call takes from the depth, and the type of the body as a block; null for functions that are bounded statically. */
  depth: { weightBytes: number; blockType: readonly number[] } | null;
};

const MEMORY_INIT = 8;
const DATA_DROP = 9;

export function meterBody(metered: MeteredFunction, context: MeterContext): Uint8Array {
  return new BodyWriter(metered, context).write();
}

class BodyWriter {
  readonly #out = new ByteSink();
  readonly #locals: BodyLocals;
  readonly #chargeMark: readonly number[];
  #length: readonly number[] | null = null;
  #source: readonly number[] | null = null;
  /** Open blocks, the function's own not counted. */
  #nesting = 0;

  constructor(
    private readonly metered: MeteredFunction,
    private readonly context: MeterContext,
  ) {
    this.#locals = new BodyLocals(metered.body, metered.parameterCount);
    this.#chargeMark = [0x24, ...encodeU32(context.fuelGlobal)];
  }

  write(): Uint8Array {
    const { body, depth } = this.metered;
    const { entry, loops, isEntryChecked } = findRegions(new InstructionCursor(body, this.#locals.codeStart));
    if (isEntryChecked) this.#chargeAndCheck(entry, this.context.build === 'all');
    else this.#charge(entry.cost);
    if (depth !== null) this.#enter(depth.weightBytes, depth.blockType);
    this.#copyCode(loops);
    if (depth !== null) this.#leave(depth.weightBytes);
    const whole = new ByteSink();
    this.#locals.writeTo(whole);
    whole.bytes(this.#out.view());
    return whole.view().slice();
  }

  #copyCode(loops: readonly FuelRegion[]): void {
    const { body } = this.metered;
    const cursor = new InstructionCursor(body, this.#locals.codeStart);
    let loopNumber = 0;
    while (cursor.next()) {
      this.#copyInstruction(cursor);
      if (cursor.opcode !== Opcode.loop) continue;
      const region = loops[loopNumber++] as FuelRegion;
      const canYield = this.context.build === 'all' || (this.context.build === 'nonleaf' && !region.isLeaf);
      this.#chargeAndCheck(region, canYield);
    }
  }

  #copyInstruction(cursor: InstructionCursor): void {
    const { opcode, minor } = cursor;
    if (opcode === Opcode.block || opcode === Opcode.loop || opcode === Opcode.if) this.#nesting++;
    else if (opcode === Opcode.end) this.#nesting--;
    if (opcode === Opcode.call) this.#out.bytes([Opcode.call, ...encodeU32(this.#shifted(cursor.index))]);
    else if (opcode === Opcode.return && this.metered.depth !== null)
      this.#out.bytes([Opcode.br, ...encodeU32(this.#nesting)]);
    else if (opcode === Opcode.memoryGrow) {
      this.#chargePages();
      this.#copy(cursor);
    } else if (opcode === Opcode.miscellaneous && minor === DATA_DROP) this.#drop(cursor.index);
    else if (opcode === Opcode.miscellaneous && isHeavy(opcode, minor)) {
      this.#chargeBytes();
      if (minor === MEMORY_INIT) this.#guardInit(cursor.index);
      this.#copy(cursor);
    } else this.#copy(cursor);
  }

  /** The instruction as it is, with NaN values made canonical before or behind it. */
  #copy({ opcode, minor, index, start, end }: InstructionCursor): void {
    const bytes = this.metered.body.subarray(start, end);
    if (this.context.firstNanHelper === null) {
      this.#out.bytes(bytes);
      return;
    }
    const { globalTypes } = this.context;
    this.#callNanHelper(opcode === Opcode.globalSet ? kindOfType(globalTypes[index] ?? 0) : kindBefore(opcode, minor));
    this.#out.bytes(canonicalConstant(opcode, bytes));
    this.#callNanHelper(kindAfter(opcode, minor));
  }

  #callNanHelper(kind: NanKind | null): void {
    const { firstNanHelper } = this.context;
    if (kind === null || firstNanHelper === null) return;
    this.#out.bytes([Opcode.call, ...encodeU32(firstNanHelper + NAN_KINDS.indexOf(kind))]);
  }

  #shifted(functionIndex: number): number {
    const { firstDefined, functionShift } = this.context;
    return functionIndex < firstDefined ? functionIndex : functionIndex + functionShift;
  }

  /**
   * A mark that `finishBody` replaces: what depends on where a program was stopped before must not pass through any local that Asyncify may save, or the stack of a
   * stopped program would depend on it too.
   */
  #charge(cost: number): void {
    if (cost > 0) this.#out.bytes([0x42, ...encodeSigned(-cost), ...this.#chargeMark]);
  }

  /** Takes the cost, then yields when nothing is left, or traps below the floor: marks too. */
  #chargeAndCheck({ cost }: FuelRegion, canYield: boolean): void {
    const { yieldFunction, floorGlobal } = this.context;
    this.#charge(cost);
    if (canYield && yieldFunction !== null) this.#out.bytes([Opcode.call, ...encodeU32(yieldFunction)]);
    else this.#out.bytes([0x42, 0, 0x24, ...encodeU32(floorGlobal)]);
  }

  /** For the pages on the stack, which stay there. */
  #chargePages(): void {
    this.#length ??= this.#locals.add(ValueType.i32);
    const pages = this.#length;
    const most = [0x41, ...encodeSigned(FUEL.pagesMaximum)];
    this.#out.bytes([0x22, ...pages]);
    // min(pages, most), each as many as a page costs
    this.#out.bytes([0x20, ...pages, ...most, 0x20, ...pages, ...most, 0x49, 0x1b, 0xad]);
    this.#out.bytes([0x42, ...encodeSigned(-FUEL.page), 0x7e, ...this.#chargeMark]);
  }

  /** For the length on the stack, which stays there. */
  #chargeBytes(): void {
    this.#length ??= this.#locals.add(ValueType.i32);
    const length = this.#length;
    this.#out.bytes([0x22, ...length, 0x20, ...length, 0x41, FUEL.bulkShift, 0x76, 0xad]);
    this.#out.bytes([0x42, ...encodeSigned(-1), 0x7e, ...this.#chargeMark]);
  }

  #drop(segment: number): void {
    const flag = this.context.dropFlags[segment] ?? null;
    // Only passive segments have a flag: dropping another one changes nothing.
    if (flag !== null) this.#out.bytes([0x41, 1, 0x24, ...encodeU32(flag)]);
  }

  /** A dropped segment is empty: whatever is to be copied from it traps, unless it is nothing from its start. */
  #guardInit(segment: number): void {
    const flag = this.context.dropFlags[segment] ?? null;
    if (flag === null || this.#length === null) return;
    this.#source ??= this.#locals.add(ValueType.i32);
    const [length, source] = [this.#length, this.#source];
    this.#out.bytes([0x21, ...length, 0x22, ...source, 0x20, ...length]);
    this.#out.bytes([0x20, ...source, 0x20, ...length, 0x72, 0x45, 0x45, 0x23, ...encodeU32(flag), 0x71]);
    this.#out.bytes([0x04, 0x40, 0x00, 0x0b]);
  }

  #enter(weightBytes: number, blockType: readonly number[]): void {
    const { depthGlobal } = this.context;
    const global = encodeU32(depthGlobal);
    this.#out.bytes([0x23, ...global, 0x42, ...encodeSigned(weightBytes), 0x7d, 0x24, ...global]);
    this.#out.bytes([0x23, ...global, 0x42, 0, 0x53, 0x04, 0x40, 0x00, 0x0b, 0x02, ...blockType]);
  }

  /** Every way out of the function leads here: returns and branches out of the body end the block around it. */
  #leave(weightBytes: number): void {
    const global = encodeU32(this.context.depthGlobal);
    this.#out.bytes([0x23, ...global, 0x42, ...encodeSigned(weightBytes), 0x7c, 0x24, ...global, 0x0b]);
  }
}
