// How deep modules get before the native stack is used up, against their own limit: a program of its own, for flags of the engine, that
// runs each module in a thread with a small stack. Parameters: 'deep' or 'rewind', MiB of stack, then the files. One line of JSON for each.
import { readFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const MUCH = 2n ** 60n;
const REWINDING = 2;

/** Runs once without stops; `depth` replaces the limit. */
function run(module, depth) {
  const { exports } = new WebAssembly.Instance(module, { manyhands: { yield() {} } });
  const [fuel, floor, left] = ['fuel', 'floor', 'depth'].map((name) => exports[`manyhands:${name}`]);
  fuel.value = MUCH;
  floor.value = -1n;
  const limit = left.value;
  if (depth !== null) left.value = depth;
  return { end: endOf(exports._start), limit, left: left.value, fuel: MUCH - fuel.value };
}

function endOf(start) {
  try {
    start();
    return 'done';
  } catch (error) {
    return error instanceof RangeError ? 'overflow' : 'trap';
  }
}

/** Stops nearly as deep as the limit allows, and goes on from there on an empty stack. */
function rewind(module) {
  let isUnwinding = false;
  let unwound = 0;
  const { exports } = new WebAssembly.Instance(module, {
    manyhands: {
      yield() {
        if (exports.asyncify_get_state() === REWINDING) return exports.asyncify_stop_rewind();
        isUnwinding = true;
        new Uint32Array(exports['manyhands:stack'].buffer, 0, 2).set([8, exports['manyhands:stack'].buffer.byteLength]);
        return exports.asyncify_start_unwind(0);
      },
    },
  });
  const { fuel } = run(module, null);
  exports['manyhands:floor'].value = -MUCH;
  exports['manyhands:fuel'].value = (fuel * 9n) / 10n;
  const end = endOf(() => {
    exports._start();
    while (isUnwinding) {
      exports.asyncify_stop_unwind();
      isUnwinding = false;
      unwound = new Uint32Array(exports['manyhands:stack'].buffer, 0, 1)[0];
      exports['manyhands:fuel'].value = MUCH;
      exports.asyncify_start_rewind(0);
      exports._start();
    }
  });
  return { end, unwound };
}

function deep(module) {
  const much = 2n ** 50n;
  const limited = run(module, null);
  const free = run(module, much);
  return { end: limited.end, freeEnd: free.end, room: Number(much - free.left) / Number(limited.limit) };
}

if (isMainThread) {
  const [mode, stackSizeMb, ...paths] = process.argv.slice(2);
  for (const path of paths) {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { mode, wasm: readFileSync(path) },
      resourceLimits: { stackSizeMb: Number(stackSizeMb) },
    });
    const answer = await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
    console.log(JSON.stringify({ path, ...answer }));
  }
} else {
  const module = new WebAssembly.Module(workerData.wasm);
  parentPort.postMessage(workerData.mode === 'rewind' ? rewind(module) : deep(module));
}
