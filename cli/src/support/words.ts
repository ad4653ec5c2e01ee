// Splits a line into words the way a POSIX shell does, without any expansion.
import { ManyhandsError } from '@manyhands/contract';

/** Characters that a backslash makes plain inside double quotes. */
const ESCAPABLE_IN_QUOTES = '"\\$`';

/**
 * Blanks separate words. 'Single quotes' keep everything, "double quotes" everything but \" \\ \$ and \`, a backslash outside of
 * quotes keeps the next character. `$`, `*`, `~` and `#` mean themselves. Throws MH-GEN-009 for a quote that is not closed.
 */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let index = 0; index < line.length; index += 1) {
    const character = line.charAt(index);
    const next = line.charAt(index + 1);
    if (quote === "'") {
      if (character === "'") quote = undefined;
      else word += character;
    } else if (character === '\\' && next !== '' && (!quote || ESCAPABLE_IN_QUOTES.includes(next))) {
      word = (word ?? '') + next;
      index += 1;
    } else if (quote) {
      if (character === quote) quote = undefined;
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote) throw new ManyhandsError('MH-GEN-009', { message: `A ${quote} is not closed: ${line.slice(0, 120)}` });
  if (word !== undefined) words.push(word);
  return words;
}
