// The options of `manyhands map`, from words to what the library takes.
import { randomInt } from 'node:crypto';
import { basename } from 'node:path';
import { ManyhandsError, QUORUM_MAXIMUM } from '@manyhands/contract';
import type { BatchOptions, Source } from '@manyhands/sdk';
import type { ProjectConnectionOptions } from './connection.js';
import { parseCount, parseDuration, parseExitCodes, parseFuel, parseInstant, parseSize } from './quantities.js';
import { SEED_MAXIMUM } from './sampling.js';

/** Seeds that are made up are short enough to be typed. */
const SEED_DIGITS = 100_000;

export type MapOptions = ProjectConnectionOptions & {
  each?: string;
  eachLine?: string;
  out: string;
  name?: string;
  arg?: string[];
  asFile?: string;
  file?: string[];
  collect?: string[];
  okExit?: string;
  quorum?: string;
  timeout?: string;
  expect?: string;
  memory?: string;
  fuel?: string;
  clock?: string;
  priority?: string;
  expires?: string;
  dryRun?: boolean;
  seed?: string;
  tryFor?: string;
};

/** Exactly one of the two ways to name inputs. Throws MH-GEN-009. */
export function checkInputOptions({ each, eachLine, asFile, dryRun, seed, tryFor }: MapOptions): void {
  if ((each === undefined) === (eachLine === undefined))
    throw new ManyhandsError('MH-GEN-009', {
      message: 'What are the inputs? Please give either --each with a pattern or --each-line with a file.',
    });
  if (eachLine !== undefined && asFile !== undefined)
    throw new ManyhandsError('MH-GEN-009', {
      message: '--as-file goes with --each: lines become arguments, not files.',
    });
  const alone = seed === undefined ? '--try-for' : '--seed';
  if (dryRun !== true && (seed ?? tryFor) !== undefined)
    throw new ManyhandsError('MH-GEN-009', {
      message: `${alone} goes with --dry-run. Please add that, or leave it out.`,
    });
}

const TRY_FOR_MS = 2 * 60_000;

/** How a dry run chooses units, and how long it may take. */
export function dryRunOptionsOf({ seed, tryFor }: MapOptions): { seed: number; totalMs: number } {
  return {
    seed:
      seed === undefined
        ? randomInt(SEED_DIGITS)
        : parseCount(seed, { what: '--seed', minimum: 0, maximum: SEED_MAXIMUM }),
    totalMs: tryFor === undefined ? TRY_FOR_MS : Math.max(1, parseDuration(tryFor)),
  };
}

/** What all units of the batch share. */
export function batchOptionsOf(options: MapOptions, program: string): BatchOptions {
  return {
    programName: basename(program),
    args: options.arg ?? [],
    files: sharedFilesOf(options),
    collect: options.collect ?? [],
    okExitCodes: options.okExit === undefined ? [0] : parseExitCodes(options.okExit),
    ...(options.name !== undefined && { name: options.name }),
    ...(options.timeout !== undefined && { timeoutMs: parseDuration(options.timeout) }),
    ...(options.expect !== undefined && { expectedDurationMs: parseDuration(options.expect) }),
    ...(options.fuel !== undefined && { fuelMaximum: parseFuel(options.fuel) }),
    ...(options.clock !== undefined && { clockMs: parseInstant(options.clock) }),
    ...(options.quorum !== undefined && {
      quorum: parseCount(options.quorum, { what: '--quorum', minimum: 1, maximum: QUORUM_MAXIMUM }),
    }),
    ...(options.priority !== undefined && {
      priority: parseCount(options.priority, { what: '--priority', minimum: -100, maximum: 100 }),
    }),
    ...(options.expires !== undefined && { expiresAfterMs: parseExpiry(options.expires) }),
  };
}

/** What the app needs beside its program. Its name comes from the program's file. */
export function appOptionsOf(options: MapOptions, program: string): { name: string; memoryMaximumBytes?: number } {
  return {
    name: appNameOf(program),
    ...(options.memory !== undefined && { memoryMaximumBytes: parseSize(options.memory) }),
  };
}

/** `path/to/my prog.wasm`: `my-prog`. */
export function appNameOf(program: string): string {
  const name = basename(program)
    .replace(/\.wasm$/i, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 100);
  return name === '' ? 'program' : name;
}

/** `never`, or a time after the submission: milliseconds. */
function parseExpiry(text: string): number | null {
  return text === 'never' ? null : parseDuration(text);
}

/** Of two files of one name a unit would find one only. */
function sharedFilesOf({ file = [], asFile }: MapOptions): Record<string, Source> {
  const files = new Map<string, Source>();
  for (const [name, source] of file.map(parseSharedFile)) {
    if (files.has(name) || name === asFile)
      throw new ManyhandsError('MH-GEN-009', {
        message: `Two files are called ${name}${name === asFile ? ': that of --as-file and a shared one' : ''}. Please give one another name.`,
      });
    files.set(name, source);
  }
  return Object.fromEntries(files);
}

function parseSharedFile(text: string): [string, Source] {
  const split = text.indexOf('=');
  const [name, path] = split === -1 ? [basename(text), text] : [text.slice(0, split), text.slice(split + 1)];
  if (name !== '' && path !== '') return [name, { path }];
  throw new ManyhandsError('MH-GEN-009', { message: `"${text}" is not a shared file: write --file NAME=PATH.` });
}
