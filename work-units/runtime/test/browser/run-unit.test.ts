// A browser computes what Node computes: the golden values of the chain, and failures told apart.
import { runUnit } from '@manyhands/runtime';
import { expect, test } from 'vitest';
import golden from '../../spec/vectors/chain-v1.json' with { type: 'json' };
import { unitInput } from '../support/guest.js';
import { rawStep } from '../support/raw-step.js';
import { type ChainVector, runVector } from '../support/vectors.js';
import { call } from '../support/wasm-builder.js';

const vectors = golden.vectors as ChainVector[];

test.for(vectors)('$name', (vector) => {
  const { outcomes, stateHash } = runVector(vector);
  expect(stateHash).toBe(vector.snapshot.stateHash);
  expect(outcomes).toEqual([vector.outcome, vector.outcome, vector.outcome]);
});

const options = { build: 'step', moduleCid: 'step', markSpacing: 2 ** 32 } as const;
test.each([
  ['a trap', [0x00], 'unit-failure', 'MH-UNIT-001'],
  ['a native stack overflow', call(2), 'host-failure', 'MH-HOST-002'],
])('%s', (_, step, kind, code) => {
  const outcome = runUnit(rawStep({ step }), unitInput(), options);
  expect(outcome).toMatchObject({ kind, code });
});
