// What the units of `manyhands map --each-line` are: one per line of a file, whose bytes are taken as they are or refused.
import { readFile } from 'node:fs/promises';
import { ARGUMENT_MAXIMUM_BYTES, ARGUMENTS_MAXIMUM, fileError, ManyhandsError } from '@manyhands/contract';
import type { Input } from '@manyhands/sdk';
import { splitWords } from './words.js';

/** Line numbers have this many digits in the names of units. */
const NAME_DIGITS = 6;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * One unit per line that has more than blanks and tabs, named by its line number: `000001`. Its words follow the other arguments. A line ends
 * at a line feed alone; one carriage return right before it belongs to the end. Throws MH-BAT-007, MH-GEN-009, MH-GEN-013.
 */
export async function planLines(path: string): Promise<Input[]> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw fileError('read', path, cause);
  });
  refuseByteOrderMark(bytes, path);
  const inputs: Input[] = [];
  let lineNumber = 0;
  for (const line of linesOf(bytes)) {
    lineNumber += 1;
    const args = wordsOf(line, { path, lineNumber });
    if (args.length > 0) inputs.push({ name: String(lineNumber).padStart(NAME_DIGITS, '0'), args });
  }
  if (inputs.length > 0) return inputs;
  throw new ManyhandsError('MH-BAT-007', { message: `${path} has no line with words.`, meta: { path } });
}

function* linesOf(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 ? bytes.length : feed;
    const hasReturn = feed > start && bytes[feed - 1] === CARRIAGE_RETURN;
    yield bytes.subarray(start, hasReturn ? end - 1 : end);
    start = end + 1;
  }
}

type Where = { path: string; lineNumber: number };

/** What some editors put before a text. As a part of the first word nobody would see it. */
function refuseByteOrderMark(bytes: Uint8Array, path: string): void {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const isUtf8 = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const where = { path, lineNumber: 1 };
  if (isUtf16) throw wrong(where, 1, 'the file is UTF-16. Please save it as UTF-8 without a byte order mark.');
  if (isUtf8)
    throw wrong(
      where,
      1,
      'the file begins with a byte order mark (bytes EF BB BF), which would become part of the first word. Please save it as UTF-8 without one.',
    );
}

function wordsOf(line: Uint8Array, where: Where): string[] {
  const text = textOf(line, where);
  const zero = text.indexOf('\0');
  if (zero !== -1)
    throw wrong(
      where,
      columnAt(text, zero),
      'a NUL character, which no argument can hold. Is the file UTF-16, or no text? Please save it as UTF-8.',
    );
  const words = splitOrRefuse(text, where);
  if (words.length > ARGUMENTS_MAXIMUM)
    throw wrong(
      where,
      null,
      `${words.length.toLocaleString('en')} words; a unit may have ${ARGUMENTS_MAXIMUM}. Please put them into a file for each unit and use --each.`,
    );
  const long = words.find(({ length }) => length > ARGUMENT_MAXIMUM_BYTES);
  if (long !== undefined)
    throw wrong(
      where,
      null,
      `the word ${JSON.stringify(`${long.slice(0, 20)}…`)} has ${long.length.toLocaleString('en')} characters; an argument may have ${ARGUMENT_MAXIMUM_BYTES.toLocaleString('en')}. Please put it into a file and use --each.`,
    );
  return words;
}

function splitOrRefuse(text: string, where: Where): string[] {
  try {
    return splitWords(text);
  } catch (error) {
    const { message, meta } = ManyhandsError.from(error);
    throw wrong(where, columnAt(text, Number(meta.offset)), message);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a line. Throws MH-GEN-009 with the place of the first byte that is not UTF-8. */
function textOf(line: Uint8Array, where: Where): string {
  try {
    return utf8.decode(line);
  } catch {
    const before = validLength(line);
    const column = columnAt(utf8.decode(line.subarray(0, before)), Number.POSITIVE_INFINITY);
    const byte = (line[before] ?? 0).toString(16).toUpperCase().padStart(2, '0');
    throw wrong(
      where,
      column,
      `the byte ${byte} is not UTF-8. Please save the file as UTF-8; if it is Latin-1: iconv -f LATIN1 -t UTF-8.`,
    );
  }
}

/** How many bytes from the beginning are UTF-8: found by halving, since a part that ends inside a character decodes as a stream. */
function validLength(bytes: Uint8Array): number {
  let valid = 0;
  let wrongFrom = bytes.length + 1;
  while (wrongFrom - valid > 1) {
    const middle = Math.floor((valid + wrongFrom) / 2);
    if (isBeginning(bytes.subarray(0, middle))) valid = middle;
    else wrongFrom = middle;
  }
  // What is left may be a character that was begun and never ended.
  for (let length = valid; length > Math.max(0, valid - 4); length -= 1)
    if (isWhole(bytes.subarray(0, length))) return length;
  return Math.max(0, valid - 4);
}

function isBeginning(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function isWhole(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Columns count characters as people do, from 1. */
function columnAt(text: string, offset: number): number {
  return [...text.slice(0, offset)].length + 1;
}

function wrong({ path, lineNumber }: Where, column: number | null, what: string): ManyhandsError {
  const place = column === null ? '' : `, column ${column}`;
  return new ManyhandsError('MH-GEN-009', {
    message: `${path}, line ${lineNumber}${place}: ${what}`,
    meta: { path, lineNumber, column },
  });
}
