// Markup from templates: whatever is put in is text and is escaped, unless it is markup already.
import { plainText } from '@manyhands/contract/words';

/** Markup that is safe to send. Made by `html` alone. */
export class Html {
  constructor(readonly text: string) {}
}

type Content = Html | string | number | null | undefined | readonly Content[];

/** "<p>${name}</p>" with the name as text, in elements and in quoted attributes alike; lists are joined, null leaves nothing. */
export function html(parts: TemplateStringsArray, ...contents: Content[]): Html {
  return new Html(parts.map((part, index) => (index === 0 ? part : toMarkup(contents[index - 1]) + part)).join(''));
}

function toMarkup(content: Content): string {
  if (content === null || content === undefined) return '';
  if (content instanceof Html) return content.text;
  if (typeof content === 'object') return content.map(toMarkup).join('');
  return escapeText(plainText(String(content)));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
