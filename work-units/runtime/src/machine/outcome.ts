// From the end of a run to its outcome, with the last link of the chain.
import { describeResult, digestResult } from '@manyhands/contract';
import { type AgreedEnd, chainRootOf, lastLink } from '../chain/links.js';
import { type Ending, endingOf } from '../ending.js';
import type { HostState } from '../host/host-state.js';
import { stderrText } from '../host/output.js';
import { collectSuccess } from '../result.js';
import type { Provenance, UnitFailure, UnitInput, UnitOutcome } from '../unit.js';

/** What is known when a run ends. `state` is null when the inputs could not be used. */
export type FinishedRun = {
  input: UnitInput;
  state: HostState | null;
  fuel: number;
  /** Link 0, then those of the marks. */
  subject: Uint8Array;
  links: readonly Uint8Array[];
};

export function outcomeOf(ending: Ending, run: FinishedRun): UnitOutcome {
  const { state, input, fuel } = run;
  const stderrTail = state === null ? '' : stderrText(state);
  switch (ending.kind) {
    case 'host':
      return { kind: 'host-failure', code: ending.code, message: ending.message, stderrTail };
    case 'needs-all': {
      const message = 'one innermost loop took more fuel than this build allows; the other build can stop inside it';
      return { kind: 'needs-all', code: 'MH-UNIT-010', fuel, message, stderrTail };
    }
    case 'exit':
      if (state !== null && input.okExitCodes.includes(ending.exitCode))
        return successOf(ending.exitCode, state, { ...run, stderrTail });
      return failureOf({ ...undeclared(ending.exitCode, input), stderrTail }, run);
    case 'trap':
      return failureOf({ code: 'MH-UNIT-001', exitCode: null, message: ending.message, stderrTail }, run);
    case 'failure':
      return failureOf({ code: ending.code, exitCode: null, message: ending.message, stderrTail }, run);
  }
}

function successOf(exitCode: number, state: HostState, run: FinishedRun & { stderrTail: string }): UnitOutcome {
  const { input, stderrTail } = run;
  try {
    const { stdout, files } = collectSuccess(state, input.collect);
    const resultDigest = digestResult(describeResult({ exitCode, stdout, files }));
    const provenance = provenanceOf({ kind: 'success', exitCode, resultDigest }, run);
    return { kind: 'success', exitCode, stdout, files, resultDigest, stderrTail, ...provenance };
  } catch (error) {
    // The output may be over its limit, or this host out of memory while copying it; a second exit is impossible here.
    return outcomeOf(endingOf(error), run);
  }
}

function undeclared(exitCode: number, input: UnitInput): Pick<UnitFailure, 'code' | 'exitCode' | 'message'> {
  const declared = input.okExitCodes.join(', ');
  const counts = input.okExitCodes.length === 1 ? `only ${declared} counts` : `${declared} count`;
  const message = `exit code ${exitCode} (${counts} as success; see --ok-exit)`;
  return { code: 'MH-UNIT-002', exitCode, message };
}

type FailureFacts = Pick<UnitFailure, 'code' | 'exitCode' | 'message' | 'stderrTail'>;

function failureOf(facts: FailureFacts, run: FinishedRun): UnitFailure {
  const { code, exitCode } = facts;
  return { kind: 'unit-failure', ...facts, ...provenanceOf({ kind: 'unit-failure', code, exitCode }, run) };
}

function provenanceOf(end: AgreedEnd, { fuel, subject, links }: FinishedRun): Provenance {
  const markCount = links.length + 1;
  const all = [...links, lastLink({ previous: links.at(-1) ?? subject, index: markCount, fuel }, end)];
  return { fuel, markCount, chainRoot: chainRootOf(all) as Uint8Array, links: all };
}
