// Odd names of files and odd files of lines, with what must become of each: the unit comes back under its name, or the refusal says why.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** `refused`: what the message must say; absent: round trip. */
export type OddName = { title: string; name: string; refused?: RegExp };

const named = (title: string, ...names: string[]): OddName[] => names.map((name) => ({ title, name }));
const letters = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => String.fromCodePoint(from + index));

/** All of these are units of one batch: they must not be in each other's way. */
export const FITTING_NAMES: readonly OddName[] = [
  ...named(
    'bytes',
    'x'.repeat(255),
    'é'.repeat(127),
    '\u{1f9ec}'.repeat(63),
    `${'€'.repeat(85)}`,
    'y'.repeat(254),
    'z'.repeat(253),
  ),
  ...named('beginnings', '-', '--', '-x', '--out', '-rf', '+x', '=x', '@x', '%x', '~', '~root', '#x', '!x', '^x', '&x'),
  ...named(
    'endings',
    'dot.',
    'dots..',
    'blank ',
    'tilde~',
    'star*',
    'one.d',
    'one.txt.d',
    'x.tmp',
    'x.part',
    'x.lock',
    'x,v',
  ),
  ...named(
    'blanks',
    ' ',
    '  two',
    'in side',
    '\u00a0',
    '\u2003',
    '\u3000',
    '\u2028',
    '\u2029',
    '\u200b',
    '\u2060',
    '\ufeff',
    'a\u00adb',
  ),
  ...named(
    'Windows',
    'CON',
    'con.txt',
    'PRN',
    'AUX',
    'NUL',
    'COM1',
    'LPT9',
    'a:b',
    'a<b',
    'a>b',
    'a|b',
    'a"b',
    'a?b',
    'aux.h',
    'clock$',
  ),
  ...named(
    'shells',
    '$HOME',
    '$(id)',
    '`id`',
    "it's",
    '"quoted"',
    ';',
    'a;b',
    'a&b',
    '(a)',
    '[a]',
    '{a}',
    '{a,b}',
    '*',
    '?',
    '**',
    'a=b',
    'a,b',
  ),
  ...named('dots', '...', '..a', 'a..b', '.a..', '. a', '. .'),
  ...named(
    'folders',
    'f/a',
    'f/b/c',
    'f/b/d',
    'F2/a',
    '-d/a',
    '  /  ',
    'CON2/con',
    'f/-',
    'g.d/x',
    'é/é',
    '\u{1f9ec}/\u{1f9ec}',
  ),
  ...named('numbers', '0', '00', '1e3', '-1', '0x10', 'NaN', 'Infinity', '1.0', '000001', '９'),
  ...named(
    'JavaScript',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'null',
    'undefined',
    'true',
    'length',
  ),
  ...named(
    'markup',
    '<b>',
    '&amp;',
    '%00',
    '%2e%2e',
    '%s',
    '\u202etxt.exe',
    '\u2066a',
    "'; DROP",
    '{{x}}',
    '$[x]',
    '<!--',
  ),
  ...named('forms', 'caf\u00e9', 'A\u030angstro\u0308m', 'ﬁ', 'ſ', 'İ', 'ı', 'ß', '\u0301', '\u1112\u1161\u11ab', 'ǆ'),
  ...named(
    'scripts',
    '日本語',
    'русский',
    'العربية',
    'עברית',
    'ไทย',
    '한국어',
    'ελληνικά',
    'हिन्दी',
    '𝒳',
    '👩‍👩‍👧‍👦',
    '🏳️‍🌈',
    '\u{10ffff}',
  ),
  ...named('ends of planes', '\ue000', '\uffff', '\ufffe', '\ufffd', '\u{e0001}', '\u{f0000}'),
  ...named('letters', ...letters(0x0391, 16), ...letters(0x30a2, 12), ...letters(0x2200, 10)),
];

/** Each of these in a batch of its own, with what is beside it. Paths that hold more than text are bytes. */
export type OddFolder = {
  title: string;
  files: readonly (string | Buffer)[];
  args?: readonly string[];
  code: string;
  says: RegExp;
};

const bytes = (...parts: (string | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))));
const COLLECT = ['--collect', 't'];

export const REFUSED_FOLDERS: readonly OddFolder[] = [
  {
    title: '254 bytes and collected files',
    files: ['x'.repeat(254)],
    args: COLLECT,
    code: 'MH-GEN-009',
    says: /256 bytes with the "\.d" of its collected files/,
  },
  {
    title: '255 bytes and collected files',
    files: ['x'.repeat(255)],
    args: COLLECT,
    code: 'MH-GEN-009',
    says: /257 bytes with/,
  },
  {
    title: '63 four-byte letters, two more, and collected files',
    files: [`${'\u{1f9ec}'.repeat(63)}ab`],
    args: COLLECT,
    code: 'MH-GEN-009',
    says: /256 bytes with/,
  },
  { title: 'NFC beside NFD', files: ['caf\u00e9', 'cafe\u0301'], code: 'MH-BAT-006', says: /in each other's way/ },
  { title: 'names alike but for case', files: ['Readme', 'README'], code: 'MH-BAT-006', says: /Readme|README/ },
  { title: 'folders alike but for case', files: ['a/x', 'A'], code: 'MH-BAT-006', says: /a\/x/ },
  { title: 'Å of three kinds', files: ['\u00c5', '\u212b'], code: 'MH-BAT-006', says: /in each other's way/ },
  { title: 'a.d beside a', files: ['a', 'a.d'], args: COLLECT, code: 'MH-BAT-006', says: /a\.d/ },
  { title: 'a.d/x beside a', files: ['a', 'a.d/x'], args: COLLECT, code: 'MH-BAT-006', says: /a\.d\/x/ },
  { title: 'a backslash', files: ['a\\b'], code: 'MH-GEN-009', says: /a backslash as character 2/ },
  { title: 'a line feed', files: ['a\nb'], code: 'MH-GEN-009', says: /U\+000A as character 2/ },
  { title: 'a tab', files: ['\t'], code: 'MH-GEN-009', says: /U\+0009 as character 1/ },
  { title: 'a bell', files: ['a\u0007'], code: 'MH-GEN-009', says: /U\+0007 as character 2/ },
  { title: 'an escape', files: ['\u001b[31m'], code: 'MH-GEN-009', says: /U\+001B as character 1/ },
  { title: 'a delete', files: ['a\u007f'], code: 'MH-GEN-009', says: /U\+007F/ },
  { title: 'a next line', files: ['a\u0085'], code: 'MH-GEN-009', says: /U\+0085/ },
  { title: 'Latin-1', files: [bytes('caf', 0xe9)], code: 'MH-GEN-013', says: /caf\\xE9: its name is not UTF-8/ },
  { title: 'Latin-1 in the middle', files: [bytes('a', 0xff, 'b.txt')], code: 'MH-GEN-013', says: /a\\xFFb\.txt/ },
  { title: 'an overlong character', files: [bytes('a', 0xc0, 0xaf)], code: 'MH-GEN-013', says: /a\\xC0\\xAF/ },
  { title: 'half of a surrogate pair', files: [bytes(0xed, 0xa0, 0x80)], code: 'MH-GEN-013', says: /\\xED\\xA0\\x80/ },
  { title: 'a folder that is not UTF-8', files: [bytes('f', 0xe9, '/a')], code: 'MH-GEN-013', says: /f\\xE9/ },
  {
    title: '300 characters in two folders',
    files: [`${'a'.repeat(150)}/${'b'.repeat(150)}`],
    code: 'MH-GEN-009',
    says: /301 characters/,
  },
  { title: 'ours', files: ['.manyhands'], code: 'MH-GEN-009', says: /keeps its record/ },
  { title: 'ours in other letters', files: ['.Superseded/x'], code: 'MH-GEN-009', says: /keeps its record/ },
];

export function writeFiles(
  folder: string,
  files: readonly (string | Buffer)[],
  contentOf: (name: string | Buffer) => string,
): void {
  for (const file of files) {
    const path = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(file)]);
    const parent = Buffer.from(dirname(path.toString('latin1')), 'latin1');
    mkdirSync(parent, { recursive: true });
    writeFileSync(path, contentOf(file));
  }
}

/** `units`: words by name; or the refusal. */
export type OddLines = { title: string; content: string | Buffer } & (
  | { units: Readonly<Record<string, readonly string[]>> }
  | { code: string; says: RegExp }
);

const one = (title: string, content: string, ...words: string[]): OddLines => ({
  title,
  content,
  units: { '000001': words },
});
const no = (title: string, content: string | Buffer, says: RegExp, code = 'MH-GEN-009'): OddLines => ({
  title,
  content,
  code,
  says,
});

export const ODD_LINES: readonly OddLines[] = [
  { title: 'CR LF', content: 'a b\r\nc\r\n', units: { '000001': ['a', 'b'], '000002': ['c'] } },
  { title: 'a lone CR', content: 'a\rb\nc\n', units: { '000001': ['a\rb'], '000002': ['c'] } },
  { title: 'two CR before LF', content: 'a\r\r\nb', units: { '000001': ['a\r'], '000002': ['b'] } },
  one('CR at the end without LF', 'a\r', 'a\r'),
  {
    title: 'U+2028',
    content: 'alpha x\u2028y\nbeta\n',
    units: { '000001': ['alpha', 'x\u2028y'], '000002': ['beta'] },
  },
  { title: 'U+2029', content: 'a\u2029b\nc\n', units: { '000001': ['a\u2029b'], '000002': ['c'] } },
  { title: 'U+0085', content: 'a\u0085b\nc\n', units: { '000001': ['a\u0085b'], '000002': ['c'] } },
  one('a no-break space', 'a\u00a0b c', 'a\u00a0b', 'c'),
  one('a line that is a no-break space', '\u00a0', '\u00a0'),
  one('an ideographic space', 'a\u3000b', 'a\u3000b'),
  one('a zero-width space', 'a\u200bb', 'a\u200bb'),
  one('a vertical tab and a form feed', 'a\vb\fc', 'a\vb\fc'),
  one('a byte order mark inside', 'a\ufeff', 'a\ufeff'),
  one('no last line feed', 'a b', 'a', 'b'),
  { title: 'blank lines', content: '\n \n\t\na\n\n\n', units: { '000004': ['a'] } },
  { title: 'only CR LF lines are blank', content: '\r\n\r\na\r\n', units: { '000003': ['a'] } },
  one('tabs and blanks', '\t a \t b\t', 'a', 'b'),
  one('single quotes', `'a b' c'd e'f`, 'a b', 'cd ef'),
  one('double quotes', '"a \\"b\\" \\\\ \\$ \\`" "\\n"', 'a "b" \\ $ `', '\\n'),
  one('a backslash', 'a\\ b \\\'c \\"d', 'a b', "'c", '"d'),
  one('a backslash at the end', 'a\\', 'a\\'),
  one('empty words', `'' "" a`, '', '', 'a'),
  one('no expansion', '$HOME ~ *.txt {a,b} #no $(id) `id`', '$HOME', '~', '*.txt', '{a,b}', '#no', '$(id)', '`id`'),
  one('operators', 'a|b ;c &d <e >f', 'a|b', ';c', '&d', '<e', '>f'),
  one('options', '--help -x -- --out=y', '--help', '-x', '--', '--out=y'),
  one('four-byte letters', '\u{1f9ec}\u{10ffff}', '\u{1f9ec}\u{10ffff}'),
  one('both forms of a letter', 'caf\u00e9 cafe\u0301', 'caf\u00e9', 'cafe\u0301'),
  one('control characters', 'a\u0001b\u001b[0m', 'a\u0001b\u001b[0m'),
  one('noncharacters', '\ufffe\uffff\ufffd', '\ufffe\uffff\ufffd'),
  one('right to left', '\u202eabc', '\u202eabc'),
  one('a word of 4,096 characters', 'x'.repeat(4096), 'x'.repeat(4096)),
  one('256 words with the first', 'x '.repeat(255), ...Array.from({ length: 255 }, () => 'x')),
  no('a byte order mark', '\ufeffa b\n', /line 1, column 1: .*byte order mark/),
  no('NUL', 'ok\na\0b\n', /line 2, column 2: a NUL character/),
  no('a word of 10 MB', `ok\n${'x'.repeat(10_000_000)}\n`, /line 2: .*10,000,000 characters/),
  no('10 MB of words', `${'xy '.repeat(3_400_000)}\n`, /line 1: 3,400,000 words/),
  no('257 words', 'x '.repeat(257), /line 1: 257 words/),
  no('a word of 4,097 characters', 'x'.repeat(4097), /line 1: .*4,097 characters/),
  no('Latin-1', Buffer.from('ok\nein caf\u00e9\n', 'latin1'), /line 2, column 8: the byte E9 is not UTF-8/),
  no('Windows-1252', Buffer.from([0x93, 0x61, 0x94]), /line 1, column 1: the byte 93/),
  no('UTF-16 with a mark', Buffer.from('\ufeffa b\n', 'utf16le'), /UTF-16/),
  no('UTF-16 of the other order', Buffer.from('\ufeffa b\n', 'utf16le').swap16(), /UTF-16/),
  no('UTF-16 without a mark', Buffer.from('ab\n', 'utf16le'), /line 1, column 2: a NUL/),
  no('UTF-32', Buffer.from([0, 0, 0, 0x61, 0, 0, 0, 0x0a]), /line 1, column 1: a NUL/),
  no('an overlong slash', Buffer.from([0x61, 0xc0, 0xaf, 0x0a]), /line 1, column 2: the byte C0/),
  no('a surrogate', Buffer.from([0x61, 0x20, 0xed, 0xa0, 0x80]), /line 1, column 3: the byte ED/),
  no('a character cut short', Buffer.from([0x61, 0x0a, 0xe2, 0x82]), /line 2, column 1: the byte E2/),
  no('a character cut by its line', Buffer.from([0xe2, 0x82, 0x0a, 0x61]), /line 1, column 1: the byte E2/),
  no('an open quote', `a\nb 'c\nd'\n`, /line 2, column 3: the quote ' that opens there/),
  no('an open double quote', 'a "b', /line 1, column 3: the quote " that opens there/),
  no('nothing', '', /no line with words/, 'MH-BAT-007'),
  no('only blanks', ' \n\t\n\r\n', /no line with words/, 'MH-BAT-007'),
];
