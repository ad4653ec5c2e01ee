// Builds one module and runs units of it in every way: at one go, in slices that go on in other instances, and in the other build.
// A process of its own, since a program that does not end would take the test with it. Input: a JSON file; output: one line of JSON for each unit.
import { readFileSync } from 'node:fs';
import { buildApp } from '@manyhands/instrument';
import { DEFAULT_UNIT_LIMITS, runUnit, UnitMachine } from '@manyhands/runtime';

const { file, units, limits, fuelMaximum, markSpacing, memoryMaximumBytes } = JSON.parse(
  readFileSync(process.argv[2], 'utf8'),
);
const { builds } = await buildApp(readFileSync(file), { memoryMaximumBytes, moduleMaximumBytes: 2 ** 26 });
const modules = Object.fromEntries(
  Object.entries(builds).map(([build, bytes]) => [build, new WebAssembly.Module(bytes)]),
);
console.log(JSON.stringify({ builds: Object.keys(modules) }));

/** Slices of 1 to `SLICE_MAXIMUM` fuel, and a new instance after each of the first few. */
const SLICE_MAXIMUM = 20_000_000;
const MOVES_MAXIMUM = 40;
let seed = 1;
const random = () => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
  return seed / 2 ** 32;
};

function runSliced(module, input, options) {
  let machine = UnitMachine.start(module, input, options);
  for (let slice = 0; ; slice++) {
    const end = machine.runSlice(1 + Math.floor(random() ** 3 * SLICE_MAXIMUM));
    if (end.kind === 'ended') return end.outcome;
    if (slice < MOVES_MAXIMUM) machine = UnitMachine.start(module, input, { ...options, snapshot: machine.snapshot() });
  }
}

function told(run) {
  const start = performance.now();
  const { kind, code = null, exitCode = null, fuel, chainRoot, stdout, message } = run();
  const hex = (bytes) => (bytes ? Buffer.from(bytes).toString('hex') : null);
  return {
    kind,
    code,
    exitCode,
    fuel,
    chainRoot: hex(chainRoot),
    stdout: hex(stdout?.subarray(0, 1_024)),
    message,
    ms: performance.now() - start,
  };
}

for (const { name, args, needs } of units) {
  const input = {
    args,
    stdin: new Uint8Array(),
    files: [],
    collect: [],
    okExitCodes: [0],
    seed: new Uint8Array(32),
    fuelMaximum: needs ?? fuelMaximum,
    limits: { ...DEFAULT_UNIT_LIMITS, ...limits },
  };
  const result = { name };
  for (const [build, module] of Object.entries(modules)) {
    const options = { build, moduleCid: build, markSpacing };
    result[build] = told(() => runUnit(module, input, options));
    result[`${build}-sliced`] = told(() => runSliced(module, input, options));
  }
  console.log(JSON.stringify(result));
}
console.log(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024 }));
