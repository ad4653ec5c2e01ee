// A batch says which of its results one computer alone vouches for.
import { expect, test } from 'vitest';
import { uncheckedInWords } from '../../../src/words/index.js';

test.each([
  [{ quorum: 2, isVerified: true }, null],
  [{ quorum: 1, isVerified: false }, 'one computer a unit'],
  [{ quorum: 3, isVerified: false }, 'one computer for the units accepted before its quorum was raised'],
])('%j', (batch, words) => expect(uncheckedInWords(batch)).toBe(words));
