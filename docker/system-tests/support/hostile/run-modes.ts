// Runs units of a hostile module in a process of its own.

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@manyhands/testing';

/** `needs`: fuel that the unit may use, where it is not that of all. */
type UnitToRun = { name: string; args: readonly string[]; needs?: number };
export type RunOfUnit = {
  kind: string;
  code: string | null;
  exitCode: number | null;
  fuel: number | null;
  chainRoot: string | null;
  stdout: string | null;
  message?: string;
  ms: number;
};
/** By unit: by build (and `-sliced`) how it ended. */
export type Runs = Map<string, Record<string, RunOfUnit>>;
export type RunSettings = {
  wasm: Uint8Array;
  units: readonly UnitToRun[];
  fuelMaximum: number;
  markSpacing: number;
  memoryMaximumBytes: number;
  limits: Record<string, number>;
};

const child = fileURLToPath(new URL('./run-child.mjs', import.meta.url));

/** What a child had told when it ended. */
export async function runModes(settings: RunSettings): Promise<{ runs: Runs; peakBytes: number; error: string }> {
  const folder = await temporaryFolder();
  const { wasm, ...rest } = settings;
  await writeFile(join(folder, 'module.wasm'), wasm);
  await writeFile(join(folder, 'settings.json'), JSON.stringify({ ...rest, file: join(folder, 'module.wasm') }));
  const { stdout, error } = await execute([child, join(folder, 'settings.json')]);
  const lines = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const runs: Runs = new Map();
  for (const { name, ...runsOfUnit } of lines)
    if (typeof name === 'string') runs.set(name, runsOfUnit as Record<string, RunOfUnit>);
  return { runs, peakBytes: Number(lines.at(-1)?.peakBytes ?? 0), error };
}

function execute(args: string[]): Promise<{ stdout: string; error: string }> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 2 ** 26 };
    execFile(process.execPath, args, options, (error, stdout, stderr) =>
      resolve({ stdout, error: error === null ? '' : `${error.message.slice(0, 500)}\n${stderr.slice(-2_000)}` }),
    );
  });
}
