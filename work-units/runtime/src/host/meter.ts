// The fuel of a unit: what the program has used, where it stops next, and what calls of the host cost (table in ABI.md).
import { formatFuel } from '@manyhands/contract';
import { FailureSignal } from '../state/signals.js';

/** What the parts of a host call cost: by measurement no more than about 5 ns of work for one fuel, for none of them. */
export const HOST_FUEL = {
  /** Every call of an import, whatever comes of it. */
  call: 400,
  /** More, when it answers with an error number. */
  error: 400,
  /** One path, besides its bytes. */
  path: 500,
  pathByte: 10,
  /** A folder above the target of a folder that is moved. */
  ancestor: 20,
  /** One entry of a list of buffers. */
  buffer: 64,
  /** One argument, or variable of the environment. */
  argument: 40,
  subscription: 400,
  /** One entry of a folder that is listed, whether it is among those asked for or not: it has to be sorted. */
  folderEntry: 100,
  /** One entry that is given to the program. */
  listedEntry: 500,
  /** One call for randomness, besides its bytes. */
  random: 300,
  randomByte: 2,
} as const;
/** Bytes read or cut off for one fuel; a byte that is written may make a file grow, which costs more. */
const READ_BYTES_PER_FUEL = 8;

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

  /** Takes fuel for bytes that are about to be read, or cut off. */
  chargeRead(sizeBytes: number): void {
    if (sizeBytes > 0) this.charge(Math.ceil(sizeBytes / READ_BYTES_PER_FUEL));
  }

  /** Takes fuel for bytes that are about to be written, or filled with zeros, or copied so that they can be changed. */
  chargeWritten(sizeBytes: number): void {
    if (sizeBytes > 0) this.charge(sizeBytes);
  }
}

export function outOfFuel(fuelMaximum: number): FailureSignal {
  return new FailureSignal(
    'MH-UNIT-008',
    `the program used more than its limit of ${formatFuel(fuelMaximum)} fuel; make units smaller, or raise the limit of the batch`,
  );
}
