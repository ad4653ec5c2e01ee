// How hard pressed the event loop is, from how late its timers come.

/** Of the lag at which whoever can come later should: so late timers come on any busy machine, and nobody notices. */
const HARMLESS_PART = 0.2;
/** What is left of an older lag with each sample: a single pause of the machine is forgotten within a second. */
const KEPT = 0.7;

/** The lag as it is remembered after one more sample. */
export function nextLag(beforeMs: number, lateMs: number): number {
  return Math.max(lateMs, beforeMs * KEPT);
}

/** From 0, nobody notices, to 1. */
export function strainOf(lagMs: number, heavyLagMs: number): number {
  const harmlessLagMs = HARMLESS_PART * heavyLagMs;
  return Math.min(1, Math.max(0, (lagMs - harmlessLagMs) / (heavyLagMs - harmlessLagMs)));
}
