// Units for the executor, from programs of WebAssembly text.
import { type Build, rawCidOf } from '@manyhands/contract';
import type { ExecutorTask } from '../../dist/executor/daemon/executor.js';
import { moduleOf } from './apps.js';

const MEBIBYTE = 1024 * 1024;

/** Content as the executor takes it. */
export const blobOf = (bytes: Uint8Array) => ({
  name: rawCidOf(bytes),
  sizeBytes: bytes.length,
  read: async () => bytes,
});

/** One unit of a program. */
export async function taskOf(
  text: string,
  overrides: Partial<ExecutorTask> & { build?: Build } = {},
): Promise<ExecutorTask> {
  return {
    ...(await moduleOf(text, overrides.build)),
    args: ['program'],
    env: {},
    stdin: null,
    files: [],
    collect: [],
    okExitCodes: [0],
    seed: new Uint8Array(32),
    clockMs: null,
    fuelMaximum: Number.MAX_SAFE_INTEGER,
    limits: {
      memoryMaximumBytes: 64 * MEBIBYTE,
      outputMaximumBytes: 8 * MEBIBYTE,
      stderrTailBytes: 4096,
      openFilesMaximum: 16,
      fileTreeMaximumBytes: 64 * MEBIBYTE,
    },
    timeoutMs: 600_000,
    ...overrides,
  };
}
