// Runs the tests against one planted fault, stage by stage, until one of them fails for good.
import type { Verdict } from './results.js';
import type { Stage } from './stages.js';
import type { Run, Tests } from './tests.js';

type Finding = Omit<Verdict, 'seconds'>;
export type JudgeOptions = { readonly stages: readonly Stage[] };
export type JudgeDependencies = {
  readonly tests: Pick<Tests, 'build' | 'runStage'>;
  readonly log: (text: string) => void;
};

/** A test that fails once and passes the second time caught nothing: its stage is run again, so often at most. */
const ATTEMPTS = 3;

export async function judge({ stages }: JudgeOptions, { tests, log }: JudgeDependencies): Promise<Finding> {
  let isBuilt = false;
  for (const stage of stages) {
    if (stage.needsBuild && !isBuilt) {
      const complaint = await tests.build();
      if (complaint !== null) return { outcome: 'compiler', by: firstError(complaint), stage: 'build' };
      isBuilt = true;
    }
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const run = await tests.runStage(stage);
      if (run.isGreen) break;
      const by = run.failedFile;
      const again = await tests.runStage({ projects: stage.projects, files: by === null ? stage.files : [by] });
      if (!again.isGreen) return { outcome: 'caught', by: by ?? lastLine(run), stage: stage.label };
      log(`  ${by ?? stage.label} failed once and passed the second time`);
    }
  }
  return { outcome: 'missed', by: null, stage: 'every test' };
}

function firstError(complaint: string): string {
  return (
    complaint
      .split('\n')
      .find((line) => /error/i.test(line))
      ?.trim() ?? complaint.trim().slice(0, 200)
  );
}

function lastLine({ output }: Run): string {
  return output.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
