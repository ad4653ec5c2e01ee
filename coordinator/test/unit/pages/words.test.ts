// Figures and states as the server says them.
import type { Batch, UnitCounts } from '@manyhands/contract';
import { expect, test } from 'vitest';
import {
  bytes,
  credit,
  plural,
  progress,
  questionOf,
  remainder,
  shortened,
  situation,
} from '../../../src/pages/words.js';

test('numbers with their words', () => {
  expect([plural(0, 'unit'), plural(1, 'unit'), plural(1235, 'unit'), plural(2, 'person', 'people')]).toEqual([
    ...['0 units', '1 unit', '1,235 units', '2 people'],
  ]);
});

test.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [1024 ** 2 - 1, '1 MiB'],
  [150 * 1024 ** 2, '150 MiB'],
  [5000 * 1024 ** 4, '5,000 TiB'],
])('%d bytes are %s', (sizeBytes, text) => {
  expect(bytes(sizeBytes).replace('\u202F', ' ')).toBe(text);
});

test('work is never said to be worth nothing', () => {
  expect([credit(0, 0), credit(0, 3), credit(1, 3), credit(1_234_567, 9)]).toEqual([
    ...['0', 'under 0.001', '0.001', '1,234.567'],
  ]);
});

const none = { total: 0, waiting: 0, held: 0, running: 0, checking: 0, accepted: 0, failed: 0 };
const counts = (more: Partial<typeof none>, ended = { cancelled: 0, expired: 0, stopped: 0 }): UnitCounts => {
  return { ...none, ...more, ended };
};

test('progress, with one unit and several', () => {
  expect(progress({ counts: counts({ accepted: 811, total: 1235 }), isVerified: true })).toBe(
    '811 of 1,235 units are done and checked',
  );
  expect(progress({ counts: counts({ total: 1 }), isVerified: false })).toBe('0 of 1 unit is done');
});

test('what was ended is not said to have failed', () => {
  expect(remainder(counts({ accepted: 3 }))).toBe('');
  expect(
    remainder(
      counts({ waiting: 1420, running: 30, checking: 2, failed: 46 }, { cancelled: 40, expired: 3, stopped: 1 }),
    ),
  ).toBe('2 being checked, 30 running, 1,420 waiting, 2 failed, 40 cancelled, 3 expired, 1 stopped by the operator');
});

test('what goes on with a project', () => {
  const batch = (state: Batch['state'], endedCode: string | null = null) => ({ name: 'b', state, endedCode }) as Batch;
  expect([
    ...[situation('pending', undefined), situation('paused', batch('open')), situation('active', undefined)],
    ...[situation('active', batch('open')), situation('active', batch('complete'))],
    ...[situation('active', batch('expired', 'MH-VAL-005')), situation('active', batch('cancelled', 'MH-VAL-006'))],
  ]).toEqual([
    ...['Waiting for the operator’s approval', 'Paused by the operator; nothing is lost'],
    ...['No work has been submitted yet', 'Happening now: batch b', 'Batch b: finished'],
    ...['Batch b: ran out of time', 'Batch b: stopped by the operator'],
  ]);
});

test('a project is called by what it asks, else by its title, else by its name', () => {
  expect(questionOf({ question: 'Q?', title: 'T', name: 'n' })).toBe('Q?');
  expect(questionOf({ question: ' ', title: 'T', name: 'n' })).toBe('T');
  expect(questionOf({ question: '', title: ' ', name: 'n' })).toBe('n');
});

test('a long text ends at a word, one long word anywhere', () => {
  expect(shortened('one two\n three', 30)).toBe('one two three');
  expect(shortened('one two three four', 12)).toBe('one two…');
  expect(shortened('x'.repeat(50), 10)).toBe(`${'x'.repeat(10)}…`);
});
