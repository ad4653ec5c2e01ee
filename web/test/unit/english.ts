// The reader of these tests reads English, whatever the language of the machine that they run on.
import { afterAll, beforeAll } from 'vitest';

const LOCALE = 'en-GB';

/** For the tests of a file: what names no language is written in English. */
export function readEnglish(): void {
  const real = { number: Intl.NumberFormat, date: Intl.DateTimeFormat };
  class EnglishNumbers extends Intl.NumberFormat {
    constructor(locale?: Intl.LocalesArgument, options?: Intl.NumberFormatOptions) {
      super(locale ?? LOCALE, options);
    }
  }
  class EnglishDates extends Intl.DateTimeFormat {
    constructor(locale?: Intl.LocalesArgument, options?: Intl.DateTimeFormatOptions) {
      super(locale ?? LOCALE, options);
    }
  }
  beforeAll(() => {
    Object.assign(Intl, { NumberFormat: EnglishNumbers, DateTimeFormat: EnglishDates });
  });
  afterAll(() => {
    Object.assign(Intl, { NumberFormat: real.number, DateTimeFormat: real.date });
  });
}
