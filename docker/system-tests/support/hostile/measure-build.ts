// Runs the pipeline over modules in a process of its own and measures it.

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '@manyhands/testing';

export type MeasuredBuild = {
  /** Of the refusal; null when the module was built, or when it failed without a code. */
  code: string | null;
  message: string;
  /** SHA-256 of the builds; empty when there are none. */
  digests: string[];
  cpuMs: number;
  /** The most memory that the process had until then. */
  peakBytes: number;
};

const child = fileURLToPath(new URL('./build-child.mjs', import.meta.url));

/** In the order of the modules. A process that dies before the end rejects. */
export async function measureBuilds(modules: readonly Uint8Array[]): Promise<MeasuredBuild[]> {
  const folder = await temporaryFolder();
  const files = modules.map((_, number) => join(folder, `${number}.wasm`));
  for (const [number, file] of files.entries()) await writeFile(file, modules[number] as Uint8Array);
  const { stdout } = await promisify(execFile)(process.execPath, [child, ...files], {
    maxBuffer: 2 ** 24,
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as MeasuredBuild);
}
