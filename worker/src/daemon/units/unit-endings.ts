// What comes out of the executor, and what goes wrong before it, in the words of the core.
import { errorEntry, isErrorCode, ManyhandsError } from '@manyhands/contract';
import type { UnitEnding } from '@manyhands/worker-core';
import type { Execution } from '../../executor/messages/messages.js';

export type Problem = Pick<ManyhandsError, 'code' | 'message'>;

export function endingOf(execution: Execution): UnitEnding {
  const elapsedMs = Math.round(execution.elapsedMs);
  if (execution.kind !== 'success')
    return { ...execution, code: isErrorCode(execution.code) ? execution.code : 'MH-HOST-005', elapsedMs };
  const { digest, bundle, fuel, markCount, chainRoot } = execution;
  return { kind: 'success', digest, bundleBytes: bundle.length, elapsedMs, fuel, markCount, chainRoot };
}

/** Trouble of the network is a failure of this host to fetch; a wrong signature, module or checkpoint is named as what it is. */
export function problemOf(error: unknown): Problem {
  const { code, message } = ManyhandsError.from(error);
  const isTrouble = errorEntry(code).retryable || ['MH-GEN-001', 'MH-GEN-003', 'MH-GEN-013'].includes(code);
  return { code: isTrouble ? 'MH-HOST-006' : code, message };
}

/** A failure of this host: nothing is known of the program. */
export function hostFailure({ code, message }: Problem): Extract<UnitEnding, { code: string }> {
  return {
    ...{ kind: 'host-failure', code, exitCode: null, message, stderrTail: '', elapsedMs: 0 },
    ...{ fuel: 0, markCount: 0, chainRoot: null },
  };
}
