// What strangers wrote stays text, wherever it is put.
import { plainText } from '@manyhands/contract/words';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { html } from '../../../src/pages/html.js';

const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
const read = (markup: string): string =>
  markup.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? '');

/** Halves of characters and control characters too. */
const anyText = fc.array(fc.nat({ max: 0xffff })).map((units) => String.fromCharCode(...units));

test('any text comes back as it was, and holds nothing that ends an element or a quoted attribute', () => {
  const isSafe = (text: string): boolean => {
    const { text: markup } = html`${text}`;
    return !/[<>"']|&(?!(amp|lt|gt|quot|#39);)/.test(markup) && read(markup) === plainText(text);
  };
  fc.assert(fc.property(anyText, isSafe));
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('&', '<', '>', '"', "'", ';', 'amp', '#39', '\u202E') }), isSafe),
  );
});

test.each([
  ['</script><script>alert(1)</script>', '&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['" onload="alert(1)', '&quot; onload=&quot;alert(1)'],
  ["' autofocus onfocus='x", '&#39; autofocus onfocus=&#39;x'],
  ['<!--body-->', '&lt;!--body--&gt;'],
  ['&lt;b&gt;', '&amp;lt;b&amp;gt;'],
  ['a\u0000b\u001bc\u007fd\u0085e', 'abcde'],
  ['ab\u202Egnp.exe\u2066x', 'abgnp.exex'],
  ['two\r\nlines\tand\u2028more', 'two lines and more'],
  ['half \uD83D of a smile', 'half \uFFFD of a smile'],
])('%j is sent as %j', (text, markup) => {
  expect(html`<b title="${text}">${text}</b>`.text).toBe(`<b title="${markup}">${markup}</b>`);
});

test('markup inside markup is not escaped again, lists are joined, nothing leaves nothing', () => {
  const items = ['a', '<b>'].map((text) => html`<li>${text}</li>`);
  expect(html`<ul>${items}</ul>${null}${undefined}${0}`.text).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>0');
});
