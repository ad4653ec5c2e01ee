// Leaves out the time before there was any work: those intervals are not zero, they are nothing.
import type { Batch, ProjectOverview } from '@manyhands/contract';

type Throughput = ProjectOverview['throughput'];

/** So many intervals are kept in any case, for bars of a decent width. */
const POINTS_MINIMUM = 20;

/** `batches`: the newest ones; with as many as the overview shows at most, older ones may exist and all is kept. */
export function sinceStart(throughput: Throughput, batches: readonly Batch[]): Throughput {
  const { points, intervalMs } = throughput;
  if (batches.length === 0 || batches.length >= 20) return throughput;
  const startMs = Math.min(...batches.map(({ submittedAtMs }) => submittedAtMs));
  const firstWith = points.findIndex((point) => point.accepted > 0 || point.startMs + intervalMs > startMs);
  const from = Math.max(0, Math.min(firstWith, points.length - POINTS_MINIMUM));
  return { intervalMs, points: points.slice(from) };
}
