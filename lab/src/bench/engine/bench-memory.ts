// What snapshots and hashing cost with large memories, all of whose pages are touched.
import type { BenchOptions } from './bench-kernel.js';
import type { PreparedKernel } from './prepare.js';
import { median } from './statistics.js';
import { probeVariant, runVariant } from './variants.js';

export type MemoryFigures = {
  mebibytes: number;
  fuel: number;
  plainMs: number;
  nonleafMs: number;
  coldToPlain: number;
  snapshotBytes: number;
  snapshotMs: number;
  /** For each mark, and as part of the whole. */
  hashMsEach: number;
  hashingShare: number;
  residentBytes: number;
};

const RUNS_MAXIMUM = 3;

export function benchMemory(prepared: PreparedKernel, mebibytes: number, { pairs, log }: BenchOptions): MemoryFigures {
  const { rounds } = prepared.kernel;
  const measured = Array.from({ length: Math.min(pairs, RUNS_MAXIMUM) }, () => ({
    plain: runVariant(prepared, 'plain', { rounds, runCount: 1 }),
    nonleaf: runVariant(prepared, 'nonleaf', { rounds, runCount: 1 }),
  }));
  const times = measured.map(({ plain, nonleaf }) => [plain.runs[0]?.cpuMs ?? 0, nonleaf.runs[0]?.cpuMs ?? 0] as const);
  const answer = measured[0]?.nonleaf.answer;
  const fuel = answer?.fuel ?? 0;
  const probe = probeVariant(prepared, 'nonleaf', { rounds, fuel });
  const figures = {
    mebibytes,
    fuel,
    plainMs: median(times.map(([plain]) => plain)),
    nonleafMs: median(times.map(([, nonleaf]) => nonleaf)),
    coldToPlain: median(times.map(([plain, nonleaf]) => nonleaf / plain)),
    snapshotBytes: probe?.snapshotBytes ?? 0,
    snapshotMs: probe?.snapshotMs ?? 0,
    hashMsEach: probe?.hashMsEach ?? 0,
    hashingShare: probe?.hashingShare ?? 0,
    residentBytes: answer?.residentBytes ?? 0,
  };
  log(`${mebibytes} MiB: ${JSON.stringify(figures)}`);
  return figures;
}
