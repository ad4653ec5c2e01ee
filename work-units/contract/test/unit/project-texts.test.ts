// The signed texts of a project: every bound, and that nothing else passes.
import { coordinatorIdOf, keyPairOfSeed, open, projectTextsSchema, seal } from '@manyhands/contract';
import { describe, expect, test } from 'vitest';

const keys = keyPairOfSeed(new Uint8Array(32).fill(7));
const context = { type: 'project-texts', coordinatorId: coordinatorIdOf(keys.publicKey) } as const;
const TEXTS = {
  version: 1,
  projectId: `proj_${'a'.repeat(52)}`,
  sequence: 1,
  title: 'Title',
  question: 'Why?',
  description: 'Two\nlines.',
  inputLicence: 'public domain',
  resultLicence: 'CC-BY-4.0',
  contact: 'ada@example.org',
  runBy: 'Ada Lovelace',
};
const opened = (value: unknown): boolean =>
  open(seal(value, context, keys), context, { schema: projectTextsSchema, publicKey: keys.publicKey }).ok;

test('texts are read as they were signed', () => {
  const result = open(seal(TEXTS, context, keys), context, { schema: projectTextsSchema });
  expect(result).toMatchObject({ ok: true, value: TEXTS });
});

describe('strictly', () => {
  test.for<[string, object]>([
    ['facts may be empty', { inputLicence: '', resultLicence: '', contact: '', runBy: '' }],
    ['a fact of 200 characters', { contact: 'c'.repeat(200) }],
    ['a question of 300 characters', { question: 'q'.repeat(300) }],
    ['a description of 4,000 characters', { description: 'd'.repeat(4000) }],
  ])('%s', ([, change]) => {
    expect(opened({ ...TEXTS, ...change })).toBe(true);
  });

  test.for<[string, object]>([
    ['an unknown field', { colour: 'red' }],
    ['another version', { version: 2 }],
    ['sequence 0', { sequence: 0 }],
    ['a sequence that is no whole number', { sequence: '1' }],
    ['no project', { projectId: 'proj_x' }],
    ['an empty title', { title: '' }],
    ['a long question', { question: 'q'.repeat(301) }],
    ['a long description', { description: 'd'.repeat(4001) }],
    ...(['inputLicence', 'resultLicence', 'contact', 'runBy'] as const).flatMap((name): [string, object][] => [
      [`a long ${name}`, { [name]: 'x'.repeat(201) }],
      [`a ${name} of two lines`, { [name]: 'one\ntwo' }],
      [`a ${name} that turns the direction of writing`, { [name]: 'ab\u202ecd' }],
      [`no ${name}`, { [name]: undefined }],
    ]),
  ])('%s', ([, change]) => {
    const changed = Object.fromEntries(
      Object.entries({ ...TEXTS, ...change }).filter(([, value]) => value !== undefined),
    );
    expect(opened(changed)).toBe(false);
  });

  test('a signature of another type does not count', () => {
    const envelope = seal(TEXTS, { ...context, type: 'policy' }, keys);
    expect(open(envelope, context, { schema: projectTextsSchema })).toMatchObject({ ok: false, code: 'MH-SIG-001' });
  });
});
