// Runs the plain implementation on every core.
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { PlainInput } from './plain-gotoh.js';

/** The plain implementation's output for each input, in the order of the inputs. */
export async function plainOutputs(inputs: readonly PlainInput[]): Promise<string[]> {
  const outputs: string[] = [];
  const waiting = [...inputs.entries()];
  const runThread = async () => {
    const worker = new Worker(new URL('./plain-worker.ts', import.meta.url), {
      execArgv: ['--experimental-strip-types'],
    });
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [index, input] = next;
        worker.postMessage(input);
        [outputs[index]] = (await once(worker, 'message')) as [string];
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, runThread));
  return outputs;
}
