// Golden values: what earlier versions signed and hashed must come out the same. Set MANYHANDS_WRITE_VECTORS=1 to add a file for a new version.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fromBase64Url, keyPairOfSeed } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { computeUploadVector, readUploadVector, type UploadVector } from '../support/upload-vectors.js';
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

const firstUploads = new URL('uploads-v1.json', folder);
if (process.env.MANYHANDS_WRITE_VECTORS === '1' && !existsSync(firstUploads)) {
  const keys = keyPairOfSeed(fromBase64Url(computeVectors().seed));
  writeFileSync(firstUploads, `${JSON.stringify(computeUploadVector(keys), null, 2)}\n`);
}

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

test('uploads-v1.json', () => {
  const vector = JSON.parse(readFileSync(firstUploads, 'utf8')) as UploadVector;
  expect(computeUploadVector(keyPairOfSeed(fromBase64Url(computeVectors().seed)))).toEqual(vector);
  const kept = [0, 1].map((index) => expect.objectContaining({ index }));
  expect(readUploadVector(vector)).toMatchObject({
    welcome: { ok: true, message: { features: ['uploads-in-parts'] } },
    custody: { ok: true, message: { kept, lost: kept.slice(1) } },
    custodyOfBefore: { ok: true, message: { kept } },
    part: { sha256: '0f'.repeat(32), sizeBytes: 3_000_000, offset: 524_288 },
    featuresOfBefore: [],
    submitted: ['AAAA', { cid: expect.stringMatching(/^bafyrei/) }],
  });
});

test('Ed25519 corner cases', () => {
  const cases = JSON.parse(readFileSync(new URL('ed25519.json', folder), 'utf8')) as SignatureCase[];
  expect(cases.length).toBeGreaterThan(5);
  for (const example of cases) expect(verdict(example), example.what).toBe(example.isValid);
});
