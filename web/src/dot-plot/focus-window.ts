// Chooses the part of a long axis that is worth enlarging: where most of what was found lies together.
import { niceStep } from '../charts/scale.js';
import type { Interval } from '../stretches/coverage.js';
import type { Segment } from '../stretches/segments.js';

/** Below this share of the axis a cluster would be too thin to read, and is enlarged. */
const ENLARGE_BELOW_SHARE = 0.3;

/** The heaviest cluster of segments along x, by summed score; null when there are none. Neighbours at most `gap` apart belong together. */
export function mainCluster(segments: readonly Segment[], gap: number): Interval | null {
  let best: (Interval & { weight: number }) | null = null;
  let open: (Interval & { weight: number }) | null = null;
  for (const { xStart, xEnd, score } of [...segments].sort((left, right) => left.xStart - right.xStart)) {
    open =
      open && xStart - open.end <= gap
        ? { start: open.start, end: Math.max(open.end, xEnd), weight: open.weight + score }
        : { start: xStart, end: xEnd, weight: score };
    if (!best || open.weight > best.weight) best = open;
  }
  return best && { start: best.start, end: best.end };
}

/** The window to enlarge, on round numbers so that it rarely moves while results come in; the axis itself if it need not be. */
export function focusWindow(axis: Interval, cluster: Interval | null): Interval {
  if (!cluster || cluster.end - cluster.start > (axis.end - axis.start) * ENLARGE_BELOW_SHARE) return axis;
  const padding = Math.max((cluster.end - cluster.start) * 0.2, (axis.end - axis.start) * 0.001);
  const step = niceStep(cluster.end - cluster.start + 2 * padding, 6);
  return {
    start: Math.max(axis.start, Math.floor((cluster.start - padding) / step) * step),
    end: Math.min(axis.end, Math.ceil((cluster.end + padding) / step) * step),
  };
}
