// How much fuel a slice gets: as much as this machine burns in about a third of a second just now.

/** Long enough that stopping costs nothing, short enough that a pause is heard at once. */
const SLICE_MS = 300;
/** A careful first guess: between a tenth and half of a second in baseline code. */
const FIRST_FUEL = 2 ** 27;
const FUEL_MINIMUM = 2 ** 20;
const FUEL_MAXIMUM = 2 ** 33;
/** Of the newest measurement: a program changes its pace, a busy machine too. */
const WEIGHT = 0.5;
/** Shorter measurements say little. */
const MEASURED_MINIMUM_MS = 5;

export class SlicePacer {
  /** For the next slice. */
  fuel = FIRST_FUEL;
  #fuelPerMs = 0;

  /** Learns from a slice that was pure computing. */
  record(fuelUsed: number, elapsedMs: number): void {
    if (elapsedMs < MEASURED_MINIMUM_MS || fuelUsed <= 0) return;
    const measured = fuelUsed / elapsedMs;
    this.#fuelPerMs = this.#fuelPerMs === 0 ? measured : this.#fuelPerMs + (measured - this.#fuelPerMs) * WEIGHT;
    this.fuel = Math.round(Math.max(FUEL_MINIMUM, Math.min(FUEL_MAXIMUM, this.#fuelPerMs * SLICE_MS)));
  }
}
