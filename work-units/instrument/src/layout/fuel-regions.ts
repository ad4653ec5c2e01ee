// Divides a function into the stretches that are charged as one: each loop without its inner loops, and the rest at the entry.
import { Opcode } from '../module/opcodes.js';
import { costOf, FUEL, isHeavy } from './cost-table.js';
import type { InstructionCursor } from './instruction-cursor.js';

/** A function without loops, calls or bulk operations is checked at its entry only when it costs more than this; calling many of them must not take long unseen. */
const UNCHECKED_COST_MAXIMUM = 4_096;

/** One stretch. `isLeaf` tells that no loop, call or bulk operation is inside. */
export type FuelRegion = { cost: number; isLeaf: boolean };

/** The regions of a body: the entry first, then its loops in the order of their headers. */
export type FuelRegions = { entry: FuelRegion; loops: FuelRegion[]; isEntryChecked: boolean };

/** Takes the cursor through the whole body. */
export function findRegions(cursor: InstructionCursor): FuelRegions {
  const entry: FuelRegion = { cost: FUEL.entry, isLeaf: true };
  const loops: FuelRegion[] = [];
  let current = entry;
  let hasHeavy = false;
  /** For each open block the region around it. */
  const around: FuelRegion[] = [];
  while (cursor.next()) {
    const { opcode, minor } = cursor;
    current.cost += costOf(opcode, minor);
    if (opcode === Opcode.loop) {
      around.push(current);
      current = { cost: 0, isLeaf: true };
      loops.push(current);
    } else if (opcode === Opcode.block || opcode === Opcode.if) around.push(current);
    else if (opcode === Opcode.end) {
      const outer = around.pop();
      if (outer === undefined || outer === current) continue;
      outer.isLeaf = false;
      current = outer;
    } else if (isHeavy(opcode, minor)) {
      current.isLeaf = false;
      hasHeavy = true;
    }
  }
  return { entry, loops, isEntryChecked: hasHeavy || entry.cost > UNCHECKED_COST_MAXIMUM };
}
