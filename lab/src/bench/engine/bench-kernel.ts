// Measures one kernel: interleaved rounds of all variants, then snapshots and hashing.
import type { RunTimes } from './measurement.js';
import type { PreparedKernel } from './prepare.js';
import { type Estimate, estimate, median } from './statistics.js';
import { type ProbeResult, probeVariant, runVariant, type Variant, type VariantRun, variantsOf } from './variants.js';

export type BenchOptions = { seconds: number; pairs: number; log(text: string): void };

export type VariantFigures = {
  variant: Variant;
  coldMs: number;
  hotMs: number | null;
  /** CPU time to that of the plain module with default tiers in the same round. */
  coldToPlain: Estimate | null;
  hotToPlain: Estimate | null;
  coldToNative: Estimate | null;
};
export type KernelFigures = {
  name: string;
  kind: string;
  version: string | null;
  sourceLines: number;
  rounds: number;
  fuel: number;
  markCount: number;
  sliceCount: number;
  plainBytes: number;
  buildBytes: Record<string, number>;
  buildMs: number;
  residentBytes: number;
  variants: VariantFigures[];
  probe: ProbeResult | null;
};

type Round = Partial<Record<Variant, VariantRun>>;

export function benchKernel(prepared: PreparedKernel, options: BenchOptions): KernelFigures {
  const { kernel, builds } = prepared;
  const variants = variantsOf(prepared);
  const rounds = calibrate(prepared, options.seconds);
  options.log(`${kernel.name}: ${rounds} rounds, ${options.pairs} interleaved runs of ${variants.join(', ')}`);
  const measured: Round[] = [];
  for (let pair = 0; pair < options.pairs; pair++) {
    // Turned each time, so that no variant always follows the same one.
    const order = [...variants.slice(pair % variants.length), ...variants.slice(0, pair % variants.length)];
    const round: Round = {};
    for (const variant of order) round[variant] = runVariant(prepared, variant, { rounds, runCount: 2 });
    sameOutput(kernel.name, round);
    measured.push(round);
    options.log(`  ${pair + 1}: ${variants.map((name) => `${name} ${cold(round[name]).toFixed(0)} ms`).join(', ')}`);
  }
  const answer = measured[0]?.nonleaf?.answer ?? null;
  const fuel = answer?.fuel ?? 0;
  return {
    name: kernel.name,
    kind: kernel.kind,
    version: prepared.version,
    sourceLines: prepared.sourceLines,
    rounds,
    fuel,
    markCount: answer?.markCount ?? 0,
    sliceCount: answer?.sliceCount ?? 0,
    plainBytes: prepared.plainBytes,
    buildBytes: Object.fromEntries(builds.map(({ build, sizeBytes }) => [build, sizeBytes])),
    buildMs: prepared.buildMs,
    residentBytes: answer?.residentBytes ?? 0,
    variants: variants.map((variant) => figuresOf(variant, measured)),
    probe: probeVariant(prepared, 'nonleaf', { rounds, fuel }),
  };
}

/** So many rounds that the plain module takes about the wanted time; measured with the optimising compiler alone. */
function calibrate(prepared: PreparedKernel, seconds: number): number {
  const { kernel } = prepared;
  const { runs } = runVariant(prepared, 'plain-no-liftoff', { rounds: kernel.rounds, runCount: 2 });
  const lastMs = runs.at(-1)?.cpuMs ?? 1000;
  return Math.max(1, Math.round((kernel.rounds * seconds * 1000) / lastMs));
}

function figuresOf(variant: Variant, measured: readonly Round[]): VariantFigures {
  const hots = measured.map((round) => hot(round[variant]));
  const hasHot = hots.every(Number.isFinite);
  const toPlain = measured.map((round) => cold(round[variant]) / cold(round.plain));
  const toNative = measured.map((round) => cold(round[variant]) / cold(round.native));
  return {
    variant,
    coldMs: median(measured.map((round) => cold(round[variant]))),
    hotMs: hasHot ? median(hots) : null,
    coldToPlain: variant === 'plain' ? null : estimate(toPlain),
    hotToPlain:
      variant === 'plain' || !hasHot ? null : estimate(measured.map((round) => hot(round[variant]) / hot(round.plain))),
    coldToNative: variant === 'native' || !toNative.every(Number.isFinite) ? null : estimate(toNative),
  };
}

const cpuOf = (times: RunTimes | undefined): number => times?.cpuMs ?? Number.NaN;
const cold = (run: VariantRun | undefined): number => cpuOf(run?.runs[0]);
const hot = (run: VariantRun | undefined): number => cpuOf(run?.runs[1]);

/** A benchmark of programs that do different things would be worth nothing. */
function sameOutput(name: string, round: Round): void {
  const answers = Object.entries(round).flatMap(([variant, { answer }]) =>
    answer === null ? [] : [{ variant, answer }],
  );
  const digests = new Set(answers.map(({ answer }) => answer.outputDigest));
  if (digests.size > 1) throw new Error(`the variants of ${name} print different things`);
  const fuels = new Set(
    answers.flatMap(({ variant, answer }) => (variant === 'nonleaf' || variant === 'all' ? [answer.fuel] : [])),
  );
  if (fuels.size > 1) throw new Error(`the builds of ${name} use different fuel: ${[...fuels].join(', ')}`);
}
