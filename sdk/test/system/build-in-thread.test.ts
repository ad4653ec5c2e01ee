// Instrumenting in a thread: its result, its refusals, and its ends by time and signal.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { buildInThread } from '../../dist/build/build-in-thread.js';

const program = new Uint8Array(await readFile(new URL('../fixtures/probe.wasm', import.meta.url)));
const BOUNDS = { memoryMaximumBytes: 2 ** 26, moduleMaximumBytes: 2 ** 24 };

test('what takes too much computing is refused as a coordinator would refuse it', async () => {
  const building = buildInThread(program, BOUNDS, { cpuMaximumMs: 1 });
  await expect(building).rejects.toMatchObject({ code: 'MH-MOD-016' });
});

test('a signal ends it with its reason', async () => {
  const reason = new Error('not wanted any more');
  const stop = new AbortController();
  const building = buildInThread(program, BOUNDS, { signal: stop.signal });
  stop.abort(reason);
  await expect(building).rejects.toBe(reason);
  await expect(buildInThread(program, BOUNDS, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('a refusal and a result come through', async () => {
  await expect(buildInThread(new Uint8Array(8), BOUNDS)).rejects.toMatchObject({ code: 'MH-MOD-001' });
  const { builds } = await buildInThread(program, BOUNDS);
  expect(Object.keys(builds)).toEqual(['nonleaf', 'all']);
});
