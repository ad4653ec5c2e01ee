// Generated modules do the same plain, by steps and in both builds, in one go and in pieces, with the same fuel.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkAgreement } from '../support/agreement.js';

/** More with MANYHANDS_FUZZ_RUNS; the seed of a failure is in its message. */
const RUNS = Number(process.env.MANYHANDS_FUZZ_RUNS ?? 12);

test.each([
  ['with integers, like the plain module', false],
  ['with floats and vectors', true],
])('generated modules agree %s', async (_, hasFloat) => {
  const seen = { stops: 0, ends: 0 };
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 - 1 }), async (seed) => {
      const { stops, trap } = await checkAgreement(seed, hasFloat);
      seen.stops += stops;
      seen.ends += trap === null ? 1 : 0;
    }),
    { numRuns: RUNS },
  );
  expect(seen.stops).toBeGreaterThan(RUNS);
  expect(seen.ends).toBeGreaterThan(RUNS / 4);
});
