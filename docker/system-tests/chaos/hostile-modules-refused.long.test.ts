// Modules that nobody may publish: each is refused with its code and a message that helps, in little time and memory.
import { BUILD_CPU_MAXIMUM_MS } from '@manyhands/contract';
import { beforeAll, expect, test } from 'vitest';
import { assemble } from '../support/hostile/assemble.js';
import { call, forever } from '../support/hostile/code.js';
import { type MeasuredBuild, measureBuilds } from '../support/hostile/measure-build.js';
import { REFUSED } from '../support/hostile/refused.js';

/** The whole process, with modules of 50 MB in it, stays below this. */
const PEAK_MAXIMUM_BYTES = 2 ** 30;

const good = assemble({ functions: [{ code: forever(call(1)) }, { code: [] }] });
const measured = new Map<string, MeasuredBuild>();
let goodAfterAll: MeasuredBuild | undefined;
beforeAll(async () => {
  const results = await measureBuilds([...REFUSED.map(({ make }) => make()), good]);
  goodAfterAll = results.at(-1);
  for (const [number, { name }] of REFUSED.entries()) measured.set(name, results[number] as MeasuredBuild);
});

test('names are unique', () => {
  expect(measured.size).toBe(REFUSED.length);
});

test.each(REFUSED.map(({ name, code, says }) => ({ name, code, says })))('$name: $code', ({ name, code, says }) => {
  const { message, cpuMs, peakBytes, ...result } = measured.get(name) as MeasuredBuild;
  expect({ code: result.code, message }).toEqual({ code, message: expect.stringMatching(says) });
  expect(message.length).toBeGreaterThan(20);
  expect(message, 'a sentence for people, not a trace').not.toMatch(/\n\s+at |\[object/);
  expect(cpuMs, 'what a coordinator gives its checks').toBeLessThan(BUILD_CPU_MAXIMUM_MS);
  expect(peakBytes).toBeLessThan(PEAK_MAXIMUM_BYTES);
});

test('whatever a process refused, it builds a good module as a fresh one does', async () => {
  const [fresh] = await measureBuilds([good]);
  expect(fresh?.digests.length).toBe(2);
  expect(goodAfterAll?.digests).toEqual(fresh?.digests);
});
