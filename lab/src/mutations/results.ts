// What became of each planted fault, written down after each, so that a run that was broken off goes on where it was.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Mutation } from './mutation.js';

export type Verdict = {
  /** `compiler`: no test saw it, but the build did. */
  readonly outcome: 'caught' | 'compiler' | 'missed';
  /** The file of tests that failed first, or the compiler's first line. */
  readonly by: string | null;
  readonly stage: string;
  readonly seconds: number;
};

type Stored = {
  version: 1;
  commit: string;
  isBaselineGreen: boolean;
  verdicts: Record<string, Verdict & { fault: string }>;
};

export class Results {
  private readonly stored: Stored;

  constructor(
    private readonly path: string,
    commit: string,
  ) {
    const found = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Stored) : undefined;
    this.stored = found?.commit === commit ? found : { version: 1, commit, isBaselineGreen: false, verdicts: {} };
  }

  get isBaselineGreen(): boolean {
    return this.stored.isBaselineGreen;
  }

  setBaselineGreen(): void {
    this.stored.isBaselineGreen = true;
    this.write();
  }

  /** Undefined when it has none, or the list says something else by now. */
  of(mutation: Mutation): Verdict | undefined {
    const found = this.stored.verdicts[mutation.id];
    if (found?.fault !== faultOf(mutation)) return undefined;
    const { outcome, by, stage, seconds } = found;
    return { outcome, by, stage, seconds };
  }

  set(mutation: Mutation, verdict: Verdict): void {
    this.stored.verdicts[mutation.id] = { ...verdict, fault: faultOf(mutation) };
    this.write();
  }

  private write(): void {
    writeFileSync(`${this.path}.new`, JSON.stringify(this.stored, null, 2));
    renameSync(`${this.path}.new`, this.path);
  }
}

function faultOf({ file, find, replace }: Mutation): string {
  return createHash('sha256').update([file, find, replace].join('\0')).digest('hex').slice(0, 16);
}
