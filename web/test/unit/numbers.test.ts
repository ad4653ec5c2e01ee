import { describe, expect, test } from 'vitest';
import { formatBytes, formatCount, formatCredit, formatDecimals, formatShare } from '../../src/format/numbers.js';

describe('numbers', () => {
  test('follow the language of the reader', () => {
    expect(formatCount(1_191_160, 'en')).toBe('1,191,160');
    expect(formatCount(1_191_160, 'de')).toBe('1.191.160');
  });

  test('that are missing are a dash, zero is 0', () => {
    expect([
      formatCount(null),
      formatBytes(null),
      formatShare(null),
      formatCredit(null),
      formatDecimals(null, 1),
    ]).toEqual(Array(5).fill('–'));
    expect(formatCount(0, 'en')).toBe('0');
    expect(formatShare(0 / 0, 'en')).toBe('–');
  });

  test('of credit show thousandths', () => {
    expect(formatCredit(1_902_150, 'en')).toBe('1,902.150');
    expect(formatCredit(0, 'en')).toBe('0.000');
    expect(formatCredit(12, 'en')).toBe('0.012');
  });

  test('of bytes are binary, with one decimal under 100', () => {
    expect(formatBytes(0, 'en')).toBe('0\u202FB');
    expect(formatBytes(1023, 'en')).toBe('1,023\u202FB');
    expect(formatBytes(1024, 'en')).toBe('1\u202FKiB');
    expect(formatBytes(1536, 'en')).toBe('1.5\u202FKiB');
    expect(formatBytes(112.4 * 2 ** 20, 'en')).toBe('112\u202FMiB');
    expect(formatBytes(2 ** 20 - 1, 'en')).toBe('1\u202FMiB');
    expect(formatBytes(3.14 * 2 ** 30, 'en')).toBe('3.1\u202FGiB');
  });

  test('of shares never round up to all', () => {
    expect(formatShare(0.662, 'en')).toBe('66\u202F%');
    expect(formatShare(0.941, 'en')).toBe('94.1\u202F%');
    expect(formatShare(0.99999, 'en')).toBe('99.9\u202F%');
    expect(formatShare(1, 'en')).toBe('100\u202F%');
  });
});
