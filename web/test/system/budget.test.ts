// What a reader's browser has to load before it can draw anything.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const SITE = join(import.meta.dirname, '../../../coordinator/dist/site');
const ENTRY_MAXIMUM_BYTES = 130_000;
/** Entry and any one page. */
const FIRST_VIEW_MAXIMUM_BYTES = 150_000;
const html = readFileSync(join(SITE, 'index.html'), 'utf8');
const assets = readdirSync(join(SITE, 'assets'));

/** The chunks that a chunk imports before it runs, itself included; `import()` is left out. */
function staticClosure(chunk: string, seen = new Set<string>()): Set<string> {
  if (seen.has(chunk)) return seen;
  seen.add(chunk);
  const code = readFileSync(join(SITE, 'assets', chunk), 'utf8');
  for (const [, imported] of code.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g))
    staticClosure(imported ?? '', seen);
  return seen;
}

const gzipBytes = (chunks: Iterable<string>) =>
  [...chunks].reduce((sum, chunk) => sum + gzipSync(readFileSync(join(SITE, 'assets', chunk)), { level: 9 }).length, 0);

const entry = /<script type="module"[^>]* src="\/assets\/([^"]+)"/.exec(html)?.[1] ?? '';

test('the entry with all that it imports stays within 130 kB of gzip', () => {
  const chunks = staticClosure(entry);
  // Far too little would mean that this test no longer finds the chunks.
  expect(gzipBytes(chunks)).toBeGreaterThan(60_000);
  expect(gzipBytes(chunks)).toBeLessThanOrEqual(ENTRY_MAXIMUM_BYTES);
});

test('each page is a chunk of its own and adds little', () => {
  const pages = assets.filter((name) => /^page-[\w-]{8}\.js$/.test(name));
  const entryChunks = staticClosure(entry);
  expect(pages).toHaveLength(5);
  for (const page of pages) {
    expect(entryChunks.has(page), `${page} is in the entry`).toBe(false);
    expect(gzipBytes(new Set([...entryChunks, ...staticClosure(page)])), page).toBeLessThanOrEqual(
      FIRST_VIEW_MAXIMUM_BYTES,
    );
  }
});

test('no schema library is loaded, and nothing inline stands in the page', () => {
  for (const name of assets.filter((asset) => asset.endsWith('.js'))) {
    expect(readFileSync(join(SITE, 'assets', name), 'utf8'), name).not.toMatch(/ZodError|safeParse/);
  }
  for (const [, attributes, body] of html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)) {
    expect(attributes).toContain('src=');
    expect(body).toBe('');
  }
  expect(html).not.toMatch(/ style=| on[a-z]+=/);
});

test('fonts are latin only, two of them asked for at once, and every text asset is compressed', () => {
  const fonts = assets.filter((name) => name.endsWith('.woff2'));
  expect(fonts).toHaveLength(3);
  expect([...html.matchAll(/rel="preload"[^>]*as="font"/g)]).toHaveLength(2);
  for (const name of assets.filter((asset) => /\.(js|css)$/.test(asset))) {
    expect(assets, name).toEqual(expect.arrayContaining([`${name}.gz`, `${name}.br`]));
  }
});
