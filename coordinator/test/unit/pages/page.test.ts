// The built page has two places; what a page puts there is its own and safe.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unknownPage } from '../../../src/pages/fixed-content.js';
import { html } from '../../../src/pages/html.js';
import { fill, type Page, parseTemplate } from '../../../src/pages/page.js';

const BUILT = readFileSync(join(import.meta.dirname, '../../../../web/index.html'), 'utf8');
const page: Page = {
  title: 'Is "it" <there>?',
  description: "It's & more",
  path: '/projects/p?batch=b',
  section: '/',
  content: html`<h1>${'Is "it" <there>?'}</h1>`,
};

test('head and body are put in, and what was there before is gone', () => {
  const document = fill(parseTemplate(BUILT), page, 'https://hands.example.org');
  expect(document).toContain('<title data-served>Is &quot;it&quot; &lt;there&gt;? · Manyhands</title>');
  expect(document).toContain('name="description" content="It&#39;s &amp; more"');
  expect(document).toContain('rel="canonical" href="https://hands.example.org/projects/p?batch=b"');
  expect(document).toContain('property="og:url" content="https://hands.example.org/projects/p?batch=b"');
  expect(document).toContain('property="og:image" content="https://hands.example.org/preview.png"');
  expect(document).toContain('<h1>Is &quot;it&quot; &lt;there&gt;?</h1>');
  expect(document).toContain('<a href="/" aria-current="true">Science</a>');
  expect(document.match(/<title/g)).toHaveLength(1);
  expect(document.match(/name="description"/g)).toHaveLength(1);
  expect(document).toContain('src="/src/main.tsx"');
  expect(document).not.toContain('noindex');
});

test('a text that looks like a mark or a pattern of replacement stays a text', () => {
  const odd = { ...page, title: "<!--body--> $& $' $`", content: html`<p>${'<!--body-->$&'}</p>` };
  const document = fill(parseTemplate(BUILT), odd, 'http://127.0.0.1:1');
  expect(document).toContain('<title data-served>&lt;!--body--&gt; $&amp; $&#39; $` · Manyhands</title>');
  expect(document).toContain('<p>&lt;!--body--&gt;$&amp;</p>');
});

test('what leads nowhere is linked and indexed nowhere', () => {
  const document = fill(parseTemplate(BUILT), unknownPage(), 'http://127.0.0.1:1');
  expect(document).toContain('name="robots" content="noindex"');
  expect(document).not.toMatch(/canonical|og:url/);
});

test.each([
  '<!doctype html><title>Manyhands</title><div id="root"></div>',
  '<!--head--><!--/head-->',
  '<!--body--><!--head--><!--/head-->',
])('a page without the two places, in their order, is refused: %s', (built) => {
  expect(() => parseTemplate(built)).toThrow(expect.objectContaining({ code: 'MH-GEN-009' }));
});
