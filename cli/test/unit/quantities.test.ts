// Durations, sizes and numbers of the command line.
import { formatFuel } from '@manyhands/contract';
import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatCredit,
  formatDuration,
  parseCount,
  parseDuration,
  parseExitCodes,
  parseFuel,
  parseInstant,
  parseSize,
} from '../../src/support/quantities.js';

const refused = expect.objectContaining({ code: 'MH-GEN-009' });

describe('what people write', () => {
  test.each([
    ['90', 90_000],
    ['1.5', 1500],
    ['500ms', 500],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
  ])('duration %s', (text, milliseconds) => expect(parseDuration(text)).toBe(milliseconds));

  test.each(['', 'm', '10x', '10 m', '-5s', '5m!'])('%j is no duration', (text) => {
    expect(() => parseDuration(text)).toThrow(refused);
  });

  test.each([
    ['65536', 65536],
    ['64k', 65536],
    ['512MiB', 512 * 2 ** 20],
    ['2G', 2 * 2 ** 30],
    ['1.5gb', 1.5 * 2 ** 30],
  ])('size %s', (text, bytes) => expect(parseSize(text)).toBe(bytes));

  test('a size without number, a count out of bounds and a bad exit code are refused', () => {
    expect(() => parseSize('MiB')).toThrow(refused);
    expect(() => parseCount('6', { what: 'x', minimum: 1, maximum: 5 })).toThrow(refused);
    expect(() => parseCount('2.5', { what: 'x', minimum: 1, maximum: 5 })).toThrow(refused);
    expect(() => parseExitCodes('0,256')).toThrow(refused);
    expect(() => parseExitCodes('')).toThrow(refused);
  });

  test.each([
    ['1000000', 1e6],
    ['5T', 5e12],
    ['1.5k', 1500],
    ['2e12', 2e12],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('fuel %s', (text, fuel) => expect(parseFuel(text)).toBe(fuel));

  test.each(['', '0', '-1', 'T', '5X', '1e99', '9007199254740992', '10P'])('%j is no fuel', (text) => {
    expect(() => parseFuel(text)).toThrow(refused);
  });

  test('instants', () => {
    expect(parseInstant('1970-01-01')).toBe(0);
    expect(parseInstant('2026-11-22T12:00:00Z')).toBe(Date.UTC(2026, 10, 22, 12));
    for (const wrong of ['', 'now', '2026', '2026-13-01', '1969-12-31', '2200-01-01', '2026-11-22T12:00:00+01:00', '5'])
      expect(() => parseInstant(wrong), wrong).toThrow(refused);
  });

  test('exit codes', () => expect(parseExitCodes('0, 10,20')).toEqual([0, 10, 20]));
});

test('what people read', () => {
  expect([0.4, 999, 59_000, 192_000, 3_600_000, 154_800_000].map(formatDuration)).toEqual([
    '0 ms',
    '999 ms',
    '59 s',
    '3 min 12 s',
    '1 h',
    '1 d 19 h',
  ]);
  expect([0, 1023, 1536, 104_857_600].map(formatBytes)).toEqual(['0 B', '1023 B', '1.5 KiB', '100 MiB']);
  expect([0, 14, 1_902_150].map((milli) => formatCredit(milli))).toEqual(['0', '0.014', '1902.150']);
  expect([0, 1].map((milli) => formatCredit(milli, { isEarned: true }))).toEqual(['<0.001', '0.001']);
  expect([0, 999, 1000, 4_294_967_296, 999_600_000].map(formatFuel)).toEqual(['0', '999', '1 k', '4.29 G', '1 G']);
});
