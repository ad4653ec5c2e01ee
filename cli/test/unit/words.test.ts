// Lines of parameters are split as a POSIX shell does, without expansion.
import { expect, test } from 'vitest';
import { splitWords } from '../../src/support/words.js';

test.each([
  ['a b  c', ['a', 'b', 'c']],
  ['  a\tb ', ['a', 'b']],
  [`'a b' "c d"`, ['a b', 'c d']],
  [`a'b c'd`, ['ab cd']],
  [`""`, ['']],
  [`a '' b`, ['a', '', 'b']],
  [String.raw`a\ b \"c\"`, ['a b', '"c"']],
  [String.raw`"\"\\\$\x" '\n'`, ['"\\$\\x', '\\n']],
  ['$HOME *.txt ~ #no', ['$HOME', '*.txt', '~', '#no']],
  ['a\\', ['a\\']],
  ['', []],
  ['a\u00a0b\u2028c\u3000d\vd\fe\rf g', ['a\u00a0b\u2028c\u3000d\vd\fe\rf', 'g']],
])('%j', (line, words) => {
  expect(splitWords(line)).toEqual(words);
});

test('a quote that is not closed is refused', () => {
  for (const line of [`a 'b`, `"a`, `'`])
    expect(() => splitWords(line), line).toThrow(expect.objectContaining({ code: 'MH-GEN-009' }));
});
