// Where cases are run: engines that must all come to the same.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { arm64Engine } from './arm64.js';
import { missingBrowser, runInBrowser } from './browser.js';
import { besideThis, type Engine, runProcess } from './child.js';
import type { CaseReport, EngineCase } from './engine-case.js';

export const CONFIGURATIONS = ['default', 'liftoff', 'turbofan', 'thread', 'chromium', 'arm64'] as const;
export type Configuration = (typeof CONFIGURATIONS)[number];

/** Flags of V8: one tier of its two compilers. */
const FLAGS: Readonly<Record<'default' | 'liftoff' | 'turbofan' | 'thread', readonly string[]>> = {
  default: [],
  liftoff: ['--liftoff-only'],
  turbofan: ['--no-liftoff'],
  thread: [],
};

export type ConfigurationOptions = {
  cases: readonly EngineCase[];
  /** From which the slices follow. */
  sliceSeed: number;
  /** A folder for files that processes read. */
  folder: string;
  timeoutMs: number;
};

/** Why a configuration cannot be run here, or null. */
export function missing(configuration: Configuration): string | null {
  if (configuration === 'chromium') return missingBrowser();
  if (configuration !== 'arm64') return null;
  const engine = arm64Engine();
  return typeof engine === 'string' ? engine : null;
}

/** One report for each case, in order. */
export async function runConfiguration(
  configuration: Configuration,
  options: ConfigurationOptions,
): Promise<CaseReport[]> {
  const { cases, sliceSeed, folder, timeoutMs } = options;
  if (configuration === 'chromium') return runInBrowser(cases, sliceSeed, timeoutMs);
  const file = join(folder, `cases-${configuration}.json`);
  writeFileSync(file, JSON.stringify(cases));
  const thread = configuration === 'thread' ? ['thread'] : [];
  const parameters = [besideThis('case-process.js'), file, String(sliceSeed), ...thread];
  const lines = await runProcess(engineOf(configuration), parameters, timeoutMs);
  return lines.map((line) => JSON.parse(line) as CaseReport);
}

function engineOf(configuration: Exclude<Configuration, 'chromium'>): Engine {
  if (configuration !== 'arm64') return { command: process.execPath, flags: FLAGS[configuration] };
  const engine = arm64Engine();
  if (typeof engine === 'string') throw new Error(engine);
  return engine;
}
