import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatCredit,
  formatDecimals,
  formatRate,
  formatShare,
  formatShareFixed,
} from '../../src/format/numbers.js';

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
      formatCredit(null, true),
      formatDecimals(null, 1),
    ]).toEqual(Array(5).fill('–'));
    expect(formatCount(0, 'en')).toBe('0');
    expect(formatShare(0 / 0, 'en')).toBe('–');
  });

  test('of credit show thousandths, and never nothing for work that was done', () => {
    expect(formatCredit(1_902_150, true, 'en')).toBe('1,902.150');
    expect(formatCredit(12, true, 'en')).toBe('0.012');
    expect(formatCredit(1, true, 'en')).toBe('0.001');
    expect(formatCredit(0, true, 'en')).toBe('under 0.001');
    expect(formatCredit(0, true, 'de')).toBe('under 0,001');
    expect(formatCredit(0, false, 'en')).toBe('0');
  });

  test('of rates keep what little there is', () => {
    expect([5.14, 1, 0.25, 0.0404, 0].map((value) => formatRate(value, 'en'))).toEqual([
      '5.1',
      '1',
      '0.25',
      '0.04',
      '0',
    ]);
    expect(formatRate(null)).toBe('–');
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

  test('of shares never round down to nothing', () => {
    expect(formatShare(0, 'en')).toBe('0\u202F%');
    expect(formatShare(0.004, 'en')).toBe('under 1\u202F%');
    expect(formatShare(0.01, 'en')).toBe('1\u202F%');
  });

  test('in one column have one number of decimals', () => {
    expect([0.978, 0.949, 0.9, 0.85, 1].map((share) => formatShareFixed(share, 'en'))).toEqual(
      ['97.8', '94.9', '90.0', '85.0', '100.0'].map((text) => `${text}\u202F%`),
    );
    expect(formatShareFixed(0.99999, 'en')).toBe('99.9\u202F%');
    expect(formatShareFixed(Number.NaN)).toBe('–');
  });
});
