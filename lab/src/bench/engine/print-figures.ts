// The report of the engine's benchmark as tables for people.
import type { KernelFigures } from './bench-kernel.js';
import type { MemoryFigures } from './bench-memory.js';
import type { Estimate } from './statistics.js';
import type { Verdict } from './targets.js';

type Report = { kernels: KernelFigures[]; memories: MemoryFigures[]; targets: Verdict[]; hashesTooLong: string[] };

export function printFigures({ kernels, memories, targets, hashesTooLong }: Report): void {
  for (const kernel of kernels) {
    console.log(`\n${kernel.name}: fuel ${kernel.fuel}, built in ${kernel.buildMs.toFixed(0)} ms`);
    console.table(
      kernel.variants.map(({ variant, coldMs, hotMs, coldToPlain, hotToPlain, coldToNative }) => ({
        variant,
        'cold ms': Math.round(coldMs),
        'hot ms': hotMs === null ? '' : Math.round(hotMs),
        'cold to plain': words(coldToPlain),
        'hot to plain': words(hotToPlain),
        'cold to native': words(coldToNative),
      })),
    );
    if (kernel.probe !== null)
      console.log(
        `snapshot ${kernel.probe.snapshotBytes} bytes in ${kernel.probe.snapshotMs.toFixed(1)} ms, hashing ${(100 * kernel.probe.hashingShare).toFixed(2)} %`,
      );
  }
  console.table(memories);
  console.table(
    targets.map(({ name, atMost, measured, isMet }) => ({
      target: name,
      'at most': atMost,
      measured: measured?.toFixed(3) ?? '',
      verdict: isMet === null ? 'not measured' : isMet ? 'met' : 'missed',
    })),
  );
  if (hashesTooLong.length > 0) console.log(`hashing takes more than 2 % of ${hashesTooLong.join(', ')}`);
}

function words(estimate: Estimate | null): string {
  if (estimate === null) return '';
  return `${estimate.median.toFixed(3)} (${estimate.low.toFixed(3)} to ${estimate.high.toFixed(3)})`;
}
