// What the units of a batch take, learned from those that were accepted: how long a host may hold units follows from it.

/** What an accepted unit took: the longest of those who agreed, and its fuel. */
export type Sample = readonly [elapsedMs: number, fuel: number];

/** Until so many are known, the scientist's word counts. */
const SAMPLES_NEEDED = 5;
const SAMPLES_KEPT = 15;
/** After the first ones, one accepted unit in so many is looked at. */
const SAMPLED_EVERY = 16;

export type Pace = {
  /** What a unit takes. */
  readonly unitMs: number;
  /** Null until it is known. */
  readonly fuelPerMs: number | null;
};

/** The medians of what is known: half of the accepted units would have to lie to move them. */
export function paceOf(samples: readonly Sample[], expectedDurationMs: number): Pace {
  if (samples.length < SAMPLES_NEEDED) return { unitMs: expectedDurationMs, fuelPerMs: null };
  return {
    unitMs: median(samples.map(([elapsedMs]) => elapsedMs)),
    fuelPerMs: median(samples.map(([elapsedMs, fuel]) => fuel / Math.max(1, elapsedMs))),
  };
}

/** Whether one of the units that are accepted now is to be looked at. */
export function isSampled(acceptedBefore: number, acceptedNow: number): boolean {
  if (acceptedBefore < SAMPLES_KEPT) return true;
  return Math.floor(acceptedBefore / SAMPLED_EVERY) < Math.floor((acceptedBefore + acceptedNow) / SAMPLED_EVERY);
}

/** The newest are kept: inputs grow, and hosts come and go. */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  return [...samples, sample].slice(-SAMPLES_KEPT);
}

export function samplesOf(text: string): readonly Sample[] {
  return JSON.parse(text) as Sample[];
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
