// The golden vectors of the chain (spec/vectors/chain-v1.json): prepared modules as bytes, what they must do, and a snapshot of an earlier version to go on from.
import { type Build, fromBase64Url, sha256, toBase64Url } from '@manyhands/contract';
import { type RunOptions, runUnit, UnitMachine, type UnitOutcome } from '../../src/index.js';
import { unitInput } from './guest.js';
import { BUSY_INPUT } from './programs.js';

/** Byte strings are base64url. */
export type ChainVector = {
  name: string;
  build: Build;
  moduleCid: string;
  markSpacing: number;
  fuelMaximum: number;
  wasm: string;
  outcome: Observed;
  /** Taken when the unit had used so much fuel, in slices of its own. */
  snapshot: { bytes: string; fuel: number; markCount: number; stateHash: string };
};

/** What every host, engine and version must see. */
export type Observed = {
  kind: string;
  code: string | null;
  exitCode: number | null;
  fuel: number;
  chainRoot: string;
  links: string[];
  stdoutSha256: string | null;
  resultDigest: string | null;
};

function observed(outcome: UnitOutcome): Observed {
  if (outcome.kind === 'host-failure' || outcome.kind === 'needs-all') throw new Error(outcome.message);
  const isSuccess = outcome.kind === 'success';
  return {
    kind: outcome.kind,
    code: isSuccess ? null : outcome.code,
    exitCode: outcome.exitCode,
    fuel: outcome.fuel,
    chainRoot: toBase64Url(outcome.chainRoot),
    links: outcome.links.map(toBase64Url),
    stdoutSha256: isSuccess ? toBase64Url(sha256(outcome.stdout)) : null,
    resultDigest: isSuccess ? toBase64Url(outcome.resultDigest) : null,
  };
}

/** Runs a vector unbroken, in slices, and from its snapshot; gives the outcomes and the state hash of the snapshot. */
export function runVector(vector: ChainVector): { outcomes: Observed[]; stateHash: string } {
  const module = new WebAssembly.Module(new Uint8Array(fromBase64Url(vector.wasm)));
  const input = unitInput({ ...BUSY_INPUT, fuelMaximum: vector.fuelMaximum });
  const { build, moduleCid, markSpacing } = vector;
  const options: RunOptions = { build, moduleCid, markSpacing };
  const resumed = UnitMachine.start(module, input, { ...options, snapshot: fromBase64Url(vector.snapshot.bytes) });
  const stateHash = toBase64Url(resumed.stateHash());
  const whole = runUnit(module, input, options);
  const sliced = finish(UnitMachine.start(module, input, options), 3333);
  return { outcomes: [whole, sliced, finish(resumed, 2 ** 40)].map(observed), stateHash };
}

function finish(machine: UnitMachine, sliceFuel: number): UnitOutcome {
  for (;;) {
    const end = machine.runSlice(sliceFuel);
    if (end.kind === 'ended') return end.outcome;
  }
}
