// Lines of `manyhands map --each-line`: the bytes are what they are, or they are refused by line and column.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@manyhands/testing';
import { beforeAll, expect, test } from 'vitest';
import { planLines } from '../../src/support/planned-lines.js';

let directory: string;
beforeAll(async () => {
  directory = await temporaryFolder();
});

async function plan(content: string | Uint8Array): Promise<Record<string, readonly string[] | undefined>> {
  const path = join(directory, 'lines.txt');
  await writeFile(path, content);
  return Object.fromEntries((await planLines(path)).map(({ name, args }) => [name, args]));
}

test.each<[string, string | Uint8Array, Record<string, string[]>]>([
  [
    'line feeds, with and without a carriage return',
    `1 2\r\n\n'a b' c\nlast`,
    { '000001': ['1', '2'], '000003': ['a b', 'c'], '000004': ['last'] },
  ],
  ['a line separator', 'alpha x\u2028y\nbeta\n', { '000001': ['alpha', 'x\u2028y'], '000002': ['beta'] }],
  ['a paragraph separator', 'a\u2029b\nc', { '000001': ['a\u2029b'], '000002': ['c'] }],
  ['a next line', 'a\u0085b\nc', { '000001': ['a\u0085b'], '000002': ['c'] }],
  ['a no-break space', 'a\u00a0b c\n\u00a0\n', { '000001': ['a\u00a0b', 'c'], '000002': ['\u00a0'] }],
  ['other blanks', 'a\u3000b\u2003c\vd\fe\n', { '000001': ['a\u3000b\u2003c\vd\fe'] }],
  ['a lone carriage return', 'a\rb\nc\r\r\nd\r', { '000001': ['a\rb'], '000002': ['c\r'], '000003': ['d\r'] }],
  ['blank lines', '\n \t\n\r\na\n\n', { '000004': ['a'] }],
  ['an empty word', `''\n`, { '000001': [''] }],
  ['a byte order mark in the middle', 'a\ufeffb \ufeff\n', { '000001': ['a\ufeffb', '\ufeff'] }],
  ['four-byte letters', '\u{1f9ec} \u{1f9ec}\u{1f9ec}\n', { '000001': ['\u{1f9ec}', '\u{1f9ec}\u{1f9ec}'] }],
  ['composed and decomposed letters', 'caf\u00e9 cafe\u0301\n', { '000001': ['caf\u00e9', 'cafe\u0301'] }],
])('%s', async (_title, content, units) => {
  expect(await plan(content)).toEqual(units);
});

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

test.each<[string, string | Uint8Array, { lineNumber: number; column: number | null }, RegExp]>([
  ['Latin-1', latin1('ok\nein caf\u00e9 bitte\n'), { lineNumber: 2, column: 8 }, /byte E9 is not UTF-8.*iconv/],
  [
    'after four-byte letters',
    Buffer.concat([Buffer.from('\u{1f9ec}\u{1f9ec} '), latin1('\u00e9')]),
    { lineNumber: 1, column: 4 },
    /byte E9/,
  ],
  ['a character cut short', Buffer.from([0x61, 0xf0, 0x9f, 0x92]), { lineNumber: 1, column: 2 }, /byte F0/],
  ['an overlong character', Buffer.from([0x61, 0xc0, 0x80, 0x62]), { lineNumber: 1, column: 2 }, /byte C0/],
  ['a surrogate', Buffer.from([0x61, 0x62, 0xed, 0xa0, 0x80]), { lineNumber: 1, column: 3 }, /byte ED/],
  ['a byte order mark', '\ufeffa\n', { lineNumber: 1, column: 1 }, /byte order mark/],
  ['UTF-16', Buffer.from('\ufeffa\n', 'utf16le'), { lineNumber: 1, column: 1 }, /UTF-16/],
  ['UTF-16 without a mark', Buffer.from('ab\n', 'utf16le'), { lineNumber: 1, column: 2 }, /NUL/],
  ['NUL', 'a\nbc\0d', { lineNumber: 2, column: 3 }, /NUL/],
  ['an open quote', `ok\na b "c d`, { lineNumber: 2, column: 5 }, /quote " that opens there/],
  ['an open single quote', `\u{1f9ec} 'a`, { lineNumber: 1, column: 3 }, /quote ' that opens there/],
  ['too many words', 'x '.repeat(300), { lineNumber: 1, column: null }, /300 words; a unit may have 256/],
  [
    'a word of ten million',
    `ok\n${'x'.repeat(10_000_000)}\n`,
    { lineNumber: 2, column: null },
    /10,000,000 characters/,
  ],
])('%s is refused where it is', async (_title, content, place, words) => {
  await expect(plan(content)).rejects.toThrow(
    expect.objectContaining({
      code: 'MH-GEN-009',
      message: expect.stringMatching(words),
      meta: expect.objectContaining(place),
    }),
  );
});

test('a file without words, an absent file and a folder are refused', async () => {
  await expect(plan('\n  \n')).rejects.toThrow(expect.objectContaining({ code: 'MH-BAT-007' }));
  await expect(plan('')).rejects.toThrow(expect.objectContaining({ code: 'MH-BAT-007' }));
  for (const path of [join(directory, 'absent.txt'), directory])
    await expect(planLines(path)).rejects.toThrow(expect.objectContaining({ code: 'MH-GEN-013' }));
});
