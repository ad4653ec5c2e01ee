// What is said while a program is instrumented and checked: both can take a minute.
import type { AppOptions } from '@manyhands/sdk';
import type { Output } from '../output.js';
import { formatBytes } from './quantities.js';

const STILL_INTERVAL_MS = 10_000;

/** Says that it has begun, and every ten seconds that it goes on. `end` must be called. */
export function noteBuilds(out: Output): { begin(sizeBytes?: number): void; end(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    begin: (sizeBytes) => {
      const size = sizeBytes === undefined ? '' : ` (${formatBytes(sizeBytes)})`;
      out.note(`Instrumenting the program${size}. Its builds are kept for the next time.`);
      const beganAtMs = performance.now();
      const still = (): void => out.note(`  ${Math.round((performance.now() - beganAtMs) / 1000)} s`);
      clearInterval(timer);
      timer = setInterval(still, STILL_INTERVAL_MS);
    },
    end: () => clearInterval(timer),
  };
}

/** The same for all steps of publishing. */
export function noteProgress(out: Output): { show: NonNullable<AppOptions['onProgress']>; end(): void } {
  const builds = noteBuilds(out);
  return {
    show: (step) => {
      builds.end();
      if (step === 'building') builds.begin();
      if (step === 'checking') out.note('The coordinator makes the builds again and compares them.');
    },
    end: builds.end,
  };
}
