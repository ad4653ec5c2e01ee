// Runs without a result, in the words of the executor's messages.
import type { UnitOutcome } from '@manyhands/runtime';
import type { Execution } from './messages.js';

/** What came of a run that did not succeed. */
export function failureOf(outcome: Exclude<UnitOutcome, { kind: 'success' }>, elapsedMs: number): Execution {
  if (outcome.kind === 'host-failure') return hostFailure({ ...outcome, elapsedMs });
  if (outcome.kind === 'unit-failure') {
    const { kind, code, exitCode, message, stderrTail, fuel, markCount, chainRoot } = outcome;
    return { kind, code, exitCode, message, stderrTail, elapsedMs, fuel, markCount, chainRoot };
  }
  const { kind, code, message, stderrTail, fuel } = outcome;
  return { kind, code, exitCode: null, message, stderrTail, elapsedMs, fuel, markCount: 0, chainRoot: null };
}

/** A failure of this host, which says nothing about the program. */
export function hostFailure(details: {
  code: string;
  message: string;
  elapsedMs: number;
  stderrTail?: string;
}): Execution {
  const { code, message, elapsedMs, stderrTail = '' } = details;
  return {
    ...{ kind: 'host-failure', code, exitCode: null, message, stderrTail, elapsedMs },
    ...{ fuel: 0, markCount: 0, chainRoot: null },
  };
}
