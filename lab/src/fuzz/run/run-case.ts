// Runs a case in every way that must not matter: whole, in random slices, and taken to fresh instances by snapshots. Runs in Node and in browsers.
import { type MachineOptions, runUnit, UnitMachine, type UnitOutcome } from '@manyhands/runtime';
import { Random } from '../program/random.js';
import { type CaseReport, type CaseResult, type EngineCase, fromBase64, hex, unitOf } from './engine-case.js';

/** `slices`: also the whole run; `snapshots` are taken at about one in three stops. */
export type CasePlan = { isWholeToo: boolean; sliceSeed: number };

type Subject = { engineCase: EngineCase; module: WebAssembly.Module; options: MachineOptions };

export function runCase(engineCase: EngineCase, plan: CasePlan): CaseReport {
  const problems: string[] = [];
  const results = engineCase.builds.map(({ build, moduleCid, wasmBase64 }) => {
    const module = new WebAssembly.Module(fromBase64(wasmBase64));
    const options: MachineOptions = { build, moduleCid, markSpacing: engineCase.markSpacing };
    const subject = { engineCase, module, options };
    const sliced = runSliced(subject, new Random(plan.sliceSeed), problems);
    if (!plan.isWholeToo) return sliced;
    const whole = resultOf(subject, runUnit(module, unitOf(engineCase), options));
    if (JSON.stringify(whole) !== JSON.stringify(sliced))
      problems.push(`${build}: whole ${JSON.stringify(whole)}, in slices ${JSON.stringify(sliced)}`);
    return whole;
  });
  return { results, problems };
}

function runSliced(subject: Subject, random: Random, problems: string[]): CaseResult {
  const { engineCase, module, options } = subject;
  const unit = unitOf(engineCase);
  let machine = UnitMachine.start(module, unit, options);
  for (;;) {
    const end = machine.runSlice(1 + random.below(2 * engineCase.sliceFuel));
    if (end.kind === 'ended') return resultOf(subject, end.outcome);
    if (!random.oneIn(3)) continue;
    const before = hex(machine.stateHash());
    const next = UnitMachine.start(module, unit, { ...options, snapshot: machine.snapshot() });
    const after = hex(next.stateHash());
    if (before !== after)
      problems.push(`${options.build}: another state after the snapshot at fuel ${machine.fuelUsed}`);
    machine = next;
  }
}

function resultOf({ engineCase, options }: Subject, outcome: UnitOutcome): CaseResult {
  const { kind } = outcome;
  const isAgreed = kind === 'success' || kind === 'unit-failure';
  return {
    name: engineCase.name,
    build: options.build,
    kind,
    code: kind === 'success' ? null : outcome.code,
    exitCode: isAgreed ? outcome.exitCode : null,
    fuel: kind === 'host-failure' ? -1 : outcome.fuel,
    digest: kind === 'success' ? hex(outcome.resultDigest) : null,
    markCount: isAgreed ? outcome.markCount : 0,
    chainRoot: isAgreed ? hex(outcome.chainRoot) : null,
  };
}
