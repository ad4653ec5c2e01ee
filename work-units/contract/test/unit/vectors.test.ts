// Golden values: what earlier versions signed and hashed must come out the same. Set MANYHANDS_WRITE_VECTORS=1 to add a file for a new version.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  computeTextsVector,
  computeVectors,
  opensGenesis,
  opensTexts,
  type SignatureCase,
  type TextsVector,
  type Vectors,
  verdict,
} from '../support/vectors.js';

const folder = new URL('../../spec/vectors/', import.meta.url);
const first = new URL('v1.json', folder);
if (process.env.MANYHANDS_WRITE_VECTORS === '1' && !existsSync(first))
  writeFileSync(first, `${JSON.stringify(computeVectors(), null, 2)}\n`);
const firstTexts = new URL('project-texts-v1.json', folder);
if (process.env.MANYHANDS_WRITE_VECTORS === '1' && !existsSync(firstTexts))
  writeFileSync(firstTexts, `${JSON.stringify(computeTextsVector(), null, 2)}\n`);

const files = readdirSync(folder).filter((name) => /^v\d+\.json$/.test(name));
test.for(files)('%s', (name) => {
  const vectors = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Vectors;
  expect(computeVectors()).toEqual(vectors);
  expect(opensGenesis(vectors)).toBe(true);
});

test('project-texts-v1.json', () => {
  const vector = JSON.parse(readFileSync(firstTexts, 'utf8')) as TextsVector;
  expect(computeTextsVector()).toEqual(vector);
  expect(opensTexts(vector, computeVectors())).toBe(true);
});

test('Ed25519 corner cases', () => {
  const cases = JSON.parse(readFileSync(new URL('ed25519.json', folder), 'utf8')) as SignatureCase[];
  expect(cases.length).toBeGreaterThan(5);
  for (const example of cases) expect(verdict(example), example.what).toBe(example.isValid);
});
