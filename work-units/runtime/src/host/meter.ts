// The fuel of a unit: what the program has used, where it stops next, and what calls of the host cost (table in ABI.md).
import { FailureSignal } from './signals.js';

/** Every call of an import, whatever comes of it. */
export const CALL_FUEL = 200;
/** Bytes moved between host and guest for one fuel. */
const BYTES_PER_FUEL = 8;

/** The exported counter of a prepared module: fuel left until the next stop. */
export type FuelCell = { value: bigint };

/** Counts in the module's own counter, which the program's instrumented code counts down. */
export class Meter {
  private cell: FuelCell = { value: 0n };
  private stopAt = 0;
  private usedAtArm = 0;

  /** `fuelMaximum`: the limit of the unit, a safe integer. */
  constructor(readonly fuelMaximum: number) {}

  /** Goes on counting in the counter of an instance. */
  attach(cell: FuelCell): void {
    cell.value = this.cell.value;
    this.cell = cell;
  }

  /** Fuel used since the unit began. Never less than before, whatever a forged module does to its counter. */
  get used(): number {
    return Math.max(this.usedAtArm, this.stopAt - Number(this.cell.value));
  }

  /** Whether the counter can have come about by counting down. */
  get isCredible(): boolean {
    return this.cell.value <= BigInt(this.stopAt - this.usedAtArm);
  }

  /** The program yields at the first yield point at which it has used more than `stopAt`. */
  arm(used: number, stopAt: number): void {
    this.stopAt = stopAt;
    this.usedAtArm = used;
    this.cell.value = BigInt(stopAt - used);
  }

  /** Whether the program must yield. */
  get isSpent(): boolean {
    return this.cell.value < 0n;
  }

  get isOverLimit(): boolean {
    return this.used > this.fuelMaximum;
  }

  /** Takes fuel for work of the host before it is done. Ends the run when the limit of the unit is crossed. */
  charge(fuel: number): void {
    this.cell.value -= BigInt(fuel);
    if (this.isOverLimit) throw outOfFuel(this.fuelMaximum);
  }

  /** Takes fuel for bytes that are about to be moved. */
  chargeBytes(sizeBytes: number): void {
    if (sizeBytes > 0) this.charge(Math.ceil(sizeBytes / BYTES_PER_FUEL));
  }
}

export function outOfFuel(fuelMaximum: number): FailureSignal {
  return new FailureSignal(
    'MH-UNIT-008',
    `the program used more than its limit of ${fuelMaximum} fuel; make units smaller, or raise the limit of the batch`,
  );
}
