// What each instruction costs in fuel. Consensus: any change is another version of the table.
import { Opcode } from '../module/opcodes.js';

/** Names this table in app versions and receipts. */
export const COST_TABLE = 'fuel-v1';

export const FUEL = {
  /** Added to a function's own cost at each entry. */
  entry: 1,
  call: 4,
  callIndirect: 6,
  /** Divisions, remainders and square roots of every type. */
  division: 8,
  vector: 2,
  other: 1,
  /** Base of memory.grow, memory.fill, memory.copy and memory.init; what they move comes on top. */
  bulk: 16,
  /** Each page of 65,536 bytes that memory.grow asks for. */
  page: 1_024,
  /** Pages beyond this are charged as this many: no memory is larger, and the sum cannot overflow. */
  pagesMaximum: 65_536,
  /** Fill, copy and init cost their bytes divided by 2 to this power. */
  bulkShift: 3,
} as const;

/** Bytes that only shape the code: nop, block, loop, else and end. */
const STRUCTURAL: readonly number[] = [0x01, 0x02, 0x03, 0x05, 0x0b];
const DIVISIONS: readonly number[] = [0x6d, 0x6e, 0x6f, 0x70, 0x7f, 0x80, 0x81, 0x82, 0x91, 0x95, 0x9f, 0xa3];
/** f32x4 and f64x2 sqrt and div. */
const VECTOR_DIVISIONS: readonly number[] = [0xe3, 0xe7, 0xef, 0xf3];

const PLAIN_COSTS = Uint8Array.from({ length: 256 }, (_, opcode) => plainCost(opcode));

/** Fuel of one instruction, without what bulk operations move. `minor` is the number behind a prefix. */
export function costOf(opcode: number, minor: number): number {
  if (opcode === Opcode.vector) return VECTOR_DIVISIONS.includes(minor) ? FUEL.division : FUEL.vector;
  if (opcode === Opcode.miscellaneous && isBulkMinor(minor)) return FUEL.bulk;
  return PLAIN_COSTS[opcode] ?? FUEL.other;
}

/** Whether the instruction may take long by itself: a call, or an operation on as much memory as its operands say. */
export function isHeavy(opcode: number, minor: number): boolean {
  if (opcode === Opcode.miscellaneous) return isBulkMinor(minor);
  return opcode === Opcode.call || opcode === Opcode.callIndirect || opcode === Opcode.memoryGrow;
}

/** memory.init, memory.copy and memory.fill. */
function isBulkMinor(minor: number): boolean {
  return minor === 8 || minor === 10 || minor === 11;
}

function plainCost(opcode: number): number {
  if (STRUCTURAL.includes(opcode)) return 0;
  if (DIVISIONS.includes(opcode)) return FUEL.division;
  if (opcode === Opcode.call) return FUEL.call;
  if (opcode === Opcode.callIndirect) return FUEL.callIndirect;
  return opcode === Opcode.memoryGrow ? FUEL.bulk : FUEL.other;
}
