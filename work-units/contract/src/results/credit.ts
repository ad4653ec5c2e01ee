// From fuel to credit: the one factor, calibrated on the reference kernel.

/**
 * Fuel that is worth one cobblestone. BOINC defines 200 cobblestones as one day of a machine with 1 GFLOPS, so that one is 432e9 floating-point
 * operations; the reference kernel (docs/decisions) takes this much fuel for as many. A batch keeps the factor of its submission.
 */
export const FUEL_PER_COBBLESTONE = 2_160_000_000_000;

/** Milli-cobblestones for fuel, rounded down. Sums of fuel are turned into credit, not parts, so that nothing is lost by rounding. */
export function creditMilliOf(fuel: number, fuelPerCobblestone: number): number {
  return Number((BigInt(fuel) * 1000n) / BigInt(fuelPerCobblestone));
}
