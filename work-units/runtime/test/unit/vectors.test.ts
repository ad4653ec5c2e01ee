// Golden values of the chain: what earlier versions computed and stored must come out the same, sliced, unbroken and from their snapshots.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type ChainVector, runVector } from '../support/vectors.js';

const file = new URL('../../spec/vectors/chain-v1.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: ChainVector[] };

test.for(vectors)('$name', (vector) => {
  const { outcomes, stateHash } = runVector(vector);
  expect(stateHash).toBe(vector.snapshot.stateHash);
  expect(outcomes).toEqual([vector.outcome, vector.outcome, vector.outcome]);
});
