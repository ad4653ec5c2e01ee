// No program that keeps to its depth limit uses up the native stack, in any tier of the engine, also while it rewinds.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp } from '@manyhands/instrument';
import { temporaryFolderSync } from '@manyhands/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { RECURSIVE_SHAPES } from '../support/recursive-shapes.js';
import { fromText } from '../support/wat.js';

const OPTIONS = { memoryMaximumBytes: 1 << 20, moduleMaximumBytes: 1 << 20 };
/** A thread with this setting has less than the smallest stack that is supported. */
const STACK_MEBIBYTES = 1;
const PROBE = join(import.meta.dirname, '..', 'support', 'overflow-probe.mjs');
const TIERS = [
  ['default tiers', []],
  ['baseline', ['--liftoff-only']],
  ['optimised', ['--no-liftoff']],
] as const;
type Answer = { path: string; end: string; room: number; unwound: number };

const folder = temporaryFolderSync();
const files: string[] = [];

beforeAll(async () => {
  for (const [name, text] of Object.entries(RECURSIVE_SHAPES)) {
    const { builds } = await buildApp(fromText(text), OPTIONS);
    for (const [build, wasm] of Object.entries(builds)) {
      const path = join(folder, `${name} ${build}.wasm`);
      writeFileSync(path, wasm);
      files.push(path);
    }
  }
});

function probe(flags: readonly string[], mode: 'deep' | 'rewind', chosen: readonly string[]): Answer[] {
  const parameters = [...flags, PROBE, mode, String(STACK_MEBIBYTES), ...chosen];
  const output = execFileSync(process.execPath, parameters, { encoding: 'utf8' });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

describe.each(TIERS)('%s', (_, flags) => {
  test('the limit comes before the end of the native stack, with room for the host', () => {
    for (const { path, end, room } of probe(flags, 'deep', files)) {
      expect(end, path).toBe('trap');
      expect(room, path).toBeGreaterThan(1.2);
    }
  });

  test('a program that stops deep down comes back there', () => {
    const stopping = files.filter((path) => path.endsWith(' all.wasm'));
    for (const { path, end, unwound } of probe(flags, 'rewind', stopping)) {
      expect(end, path).toBe('trap');
      expect(unwound, path).toBeGreaterThan(1_000);
    }
  });
});
