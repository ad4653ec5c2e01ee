// The options of `manyhands map`.
import { expect, test } from 'vitest';
import { appNameOf, batchOptionsOf, checkInputOptions, type MapOptions } from '../../src/support/map-options.js';

const options: MapOptions = { coordinator: 'http://127.0.0.1:1', out: 'out' };
const refused = expect.objectContaining({ code: 'MH-GEN-009' });

test('exactly one kind of input', () => {
  expect(() => checkInputOptions({ ...options })).toThrow(refused);
  expect(() => checkInputOptions({ ...options, each: '*', eachLine: 'x' })).toThrow(refused);
  expect(() => checkInputOptions({ ...options, eachLine: 'x', asFile: 'y' })).toThrow(refused);
  expect(() => checkInputOptions({ ...options, each: '*', asFile: 'y' })).not.toThrow();
});

test('words become what the library takes', () => {
  const words = { arg: ['-n', '1'], file: ['data.csv=dir/big=1.csv', 'ref.fa'], collect: ['curve.csv'] };
  const read = batchOptionsOf(
    {
      ...options,
      ...words,
      okExit: '0,10',
      quorum: '1',
      timeout: '10m',
      name: 'mine',
      fuel: '5T',
      clock: '1970-01-02',
    },
    'dir/fit.wasm',
  );
  expect(read).toEqual({
    programName: 'fit.wasm',
    args: ['-n', '1'],
    files: { 'data.csv': { path: 'dir/big=1.csv' }, 'ref.fa': { path: 'ref.fa' } },
    collect: ['curve.csv'],
    okExitCodes: [0, 10],
    quorum: 1,
    timeoutMs: 600_000,
    fuelMaximum: 5e12,
    clockMs: 86_400_000,
    name: 'mine',
  });
});

test('wrong words are refused', () => {
  for (const wrong of [
    { quorum: '6' },
    { quorum: '0' },
    { okExit: '0,x' },
    { timeout: 'soon' },
    { fuel: 'much' },
    { clock: 'noon' },
    { file: ['=x'] },
    { priority: '101' },
  ])
    expect(() => batchOptionsOf({ ...options, ...wrong }, 'a.wasm'), JSON.stringify(wrong)).toThrow(refused);
});

test('the app is named after the program', () => {
  expect(appNameOf('dir/count words (v2).wasm')).toBe('count-words-v2-');
  expect(appNameOf('.wasm')).toBe('program');
  expect(appNameOf('fit.wasm')).toBe('fit');
});

test('what a unit is expected to take is no limit', () => {
  expect(batchOptionsOf({ ...options, expect: '90s', timeout: '10m' }, 'fit.wasm')).toMatchObject({
    expectedDurationMs: 90_000,
    timeoutMs: 600_000,
  });
  expect(batchOptionsOf({ ...options, expect: '90s' }, 'fit.wasm')).not.toHaveProperty('timeoutMs');
});
