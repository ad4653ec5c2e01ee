// Instruments a module in a thread of its own, so that Ctrl-C and a clock on the screen work meanwhile.
import { Worker } from 'node:worker_threads';
import { BUILD_CPU_MAXIMUM_MS, ManyhandsError } from '@manyhands/contract';
import { BUILD_STACK_MIB, type BuildOptions, type BuiltApp } from '@manyhands/instrument';

export type BuildMessage = { built: BuiltApp } | { error: ReturnType<ManyhandsError['toObject']> };

/** How often is looked how much computing it has taken. */
const CHECK_MS = 200;

/** Throws MH-MOD-001 to MH-MOD-016, MH-GEN-001 when the thread dies, the signal's reason when aborted. */
export async function buildInThread(
  wasm: Uint8Array,
  options: Omit<BuildOptions, 'signal'>,
  { signal, cpuMaximumMs = BUILD_CPU_MAXIMUM_MS }: { signal?: AbortSignal | undefined; cpuMaximumMs?: number } = {},
): Promise<BuiltApp> {
  signal?.throwIfAborted();
  const thread = new Worker(new URL('./build-thread.js', import.meta.url), {
    workerData: { wasm, options },
    resourceLimits: { stackSizeMb: BUILD_STACK_MIB },
  });
  let onAbort: (() => void) | undefined;
  let watch: NodeJS.Timeout | undefined;
  const before = process.cpuUsage();
  try {
    return await new Promise<BuiltApp>((resolve, reject) => {
      thread.once('message', (message: BuildMessage) =>
        'built' in message ? resolve(message.built) : reject(ManyhandsError.fromObject(message.error)),
      );
      thread.once('error', (cause: Error) => reject(ended(cause)));
      thread.once('exit', () => reject(ended(new Error('it ended before the builds were made'))));
      watch = setInterval(() => {
        // Of the whole process, which does little else meanwhile.
        const { user, system } = process.cpuUsage(before);
        if ((user + system) / 1000 > cpuMaximumMs) reject(tooLong(cpuMaximumMs));
      }, CHECK_MS);
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  } finally {
    clearInterval(watch);
    if (onAbort) signal?.removeEventListener('abort', onAbort);
    await thread.terminate();
  }
}

function tooLong(cpuMaximumMs: number): ManyhandsError {
  return new ManyhandsError('MH-MOD-016', {
    message: `Instrumenting the module takes more than ${cpuMaximumMs / 1000} seconds of computing; a coordinator would refuse it.`,
  });
}

function ended(cause: Error): ManyhandsError {
  return new ManyhandsError('MH-GEN-001', { message: `The thread that instruments failed: ${cause.message}`, cause });
}
