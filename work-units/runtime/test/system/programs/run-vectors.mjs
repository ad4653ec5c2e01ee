// Runs the golden vectors of the chain with the built packages, in this thread or (argument "thread") in another, and prints what came of them.
import { readFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { fromBase64Url, toBase64Url } from '@manyhands/contract';
import { UnitMachine } from '@manyhands/runtime';

const SLICES = [2 ** 40, 12_345];

function runAll() {
  const [file] = process.argv.slice(2);
  const { vectors, input } = JSON.parse(readFileSync(file, 'utf8'));
  return vectors.flatMap((vector) => SLICES.map((slice) => run(vector, slice, inputOf(input, vector))));
}

function inputOf(input, { fuelMaximum }) {
  const files = input.files.map(({ name, bytes }) => ({ name, bytes: fromBase64Url(bytes) }));
  return { ...input, files, stdin: fromBase64Url(input.stdin), seed: fromBase64Url(input.seed), fuelMaximum };
}

function run({ wasm, build, moduleCid, markSpacing }, slice, input) {
  const module = new WebAssembly.Module(fromBase64Url(wasm));
  const machine = UnitMachine.start(module, input, { build, moduleCid, markSpacing });
  for (;;) {
    const end = machine.runSlice(slice);
    if (end.kind === 'stopped') continue;
    const { kind, fuel, links, resultDigest } = end.outcome;
    return { kind, fuel, links: links.map(toBase64Url), resultDigest: resultDigest ? toBase64Url(resultDigest) : null };
  }
}

if (!isMainThread) parentPort.postMessage(runAll());
else if (process.argv[3] === 'thread')
  new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) }).on('message', (seen) =>
    console.log(JSON.stringify(seen)),
  );
else console.log(JSON.stringify(runAll()));
