// Durations, sizes and numbers of the command line.
import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatDuration,
  parseCount,
  parseDuration,
  parseExitCodes,
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
});
