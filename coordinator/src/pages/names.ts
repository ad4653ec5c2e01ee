// Names that people chose, kept to themselves: they may be long, run from right to left, show nothing, or be shared by two.
import { type Html, html } from './html.js';

/** Format characters and blanks of every kind leave nothing to see. */
export function shownName(name: string): string {
  return /[^\p{Z}\p{C}]/u.test(name) ? name : 'without a name';
}

/** The tag tells two of one name apart. */
export function personName({ name, tag }: { readonly name: string; readonly tag: string }): Html {
  return html`<bdi>${shownName(name)}</bdi>${tag === '' ? null : html` <code>${tag}</code>`}`;
}
