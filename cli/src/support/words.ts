// Splits a line into words the way a POSIX shell does, without any expansion.
import { ManyhandsError } from '@manyhands/contract';

/** Characters that a backslash makes plain inside double quotes. */
const ESCAPABLE_IN_QUOTES = '"\\$`';

/**
 * Blanks and tabs separate words, and nothing else does. 'Single quotes' keep everything, "double quotes" everything but \" \\ \$ and \`,
 * a backslash outside of quotes keeps the next character. `$`, `*`, `~` and `#` mean themselves. Throws MH-GEN-009 for a quote that is not
 * closed; `meta.offset` is where it was opened.
 */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  let quoteOffset = 0;
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
      quoteOffset = index;
      word ??= '';
    } else if (character === ' ' || character === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote)
    throw new ManyhandsError('MH-GEN-009', {
      message: `the quote ${quote} that opens there is not closed on its line. Close it, or write \\${quote} for the character itself.`,
      meta: { offset: quoteOffset },
    });
  if (word !== undefined) words.push(word);
  return words;
}
