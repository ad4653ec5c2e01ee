// The golden values once more, in a real browser, where the portable cryptography runs.
import { expect, test } from 'vitest';
import corners from '../../spec/vectors/ed25519.json' with { type: 'json' };
import vectors from '../../spec/vectors/v1.json' with { type: 'json' };
import { computeVectors, opensGenesis, type Vectors, verdict } from '../support/vectors.js';

test('golden values', () => {
  expect(computeVectors()).toEqual(vectors);
  expect(opensGenesis(vectors as Vectors)).toBe(true);
});

test('Ed25519 corner cases', () => {
  for (const example of corners) expect(verdict(example), example.what).toBe(example.isValid);
});
