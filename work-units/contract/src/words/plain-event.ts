// What is given to a log, with the texts of strangers in it made plain and none of them long.
import { plainText, plainValue } from './plain-text.js';

/** Of one text, a stack included. */
const TEXT_MAXIMUM_CHARACTERS = 1200;

/** One parameter of a call of a log: words, an error, or a record that may have an error as `err`. */
export function plainEvent(part: unknown): unknown {
  if (typeof part === 'string') return shortened(plainText(part));
  if (part instanceof Error) return { err: plainError(part) };
  if (typeof part !== 'object' || part === null) return part;
  const { err, ...others } = part as { err?: unknown };
  return { ...(plainValue(others) as object), ...(err !== undefined && { err: plainError(err) }) };
}

/** An error as logs show it. Its words are one line; the places below it keep theirs. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return plainValue(error);
  const { code } = error as { code?: unknown };
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const message = shortened(plainText(error.message));
  const stack = shortened([`${error.name}: ${message}`, ...places.map(plainText)].join('\n'));
  const cause = error.cause instanceof Error && { cause: shortened(plainText(String(error.cause))) };
  return { type: error.name, message, stack, ...cause, ...(typeof code === 'string' && { code: plainText(code) }) };
}

function shortened(text: string): string {
  return text.length > TEXT_MAXIMUM_CHARACTERS ? `${text.slice(0, TEXT_MAXIMUM_CHARACTERS)}…` : text;
}
