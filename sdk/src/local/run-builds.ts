// Runs a unit with the build that units start with, and with the other one when that is needed, as the coordinator would lease it.
import { type AppVersion, type Build, firstBuildOf, markSpacingOf, moduleOf } from '@manyhands/contract';
import type { UnitInput } from '@manyhands/runtime';
import type { LocalRun } from './local-run.js';
import { runConfined } from './run-confined.js';

/** `needs-all` is no end: it is seen only of a program that has no such build, which none has. */
export type BuildRun = LocalRun & { build: Build };

/** `load` gives the bytes of a build. The time is that of the run that counts. */
export async function runBuilds(
  unit: { record: Pick<AppVersion, 'builds' | 'memoryMaximumBytes'>; input: UnitInput },
  options: { timeoutMs: number; signal?: AbortSignal | undefined },
  load: (build: Build) => Promise<Uint8Array>,
): Promise<BuildRun> {
  const { record, input } = unit;
  const run = async (build: Build): Promise<BuildRun> => {
    const moduleCid = moduleOf(record as AppVersion, build)?.cid ?? '';
    const machine = { build, moduleCid, markSpacing: markSpacingOf(record.memoryMaximumBytes) };
    return {
      ...(await runConfined({ wasm: new Uint8Array(await load(build)), input, options: machine }, options)),
      build,
    };
  };
  const first = await run(firstBuildOf(record as AppVersion));
  return first.outcome.kind === 'needs-all' ? run('all') : first;
}
