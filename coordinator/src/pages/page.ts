// A page as the server sends it: head and body made from facts, put into the built page.
import { ManyhandsError } from '@manyhands/contract';
import { type Html, html } from './html.js';

export type Page = {
  /** Of the window and of previews, without the name of the site. */
  readonly title: string;
  /** One or two sentences for previews and search engines. */
  readonly description: string;
  /** Where it stands; null for what should be linked and indexed nowhere. */
  readonly path: string | null;
  /** Of the navigation, which one this page is. */
  readonly section: '/' | '/leaderboard' | '/network' | '/join' | null;
  readonly content: Html;
};

export type Template = { readonly start: string; readonly middle: string; readonly end: string };

const HEAD = /<!--head-->[\s\S]*?<!--\/head-->/;
const BODY = '<!--body-->';
const PICTURE = { path: '/preview.png', width: 1200, height: 630 };
const NAVIGATION = [
  { path: '/', text: 'Science' },
  { path: '/leaderboard', text: 'Leaderboard' },
  { path: '/network', text: 'Network' },
  { path: '/join', text: 'Join' },
] as const;

/** Finds the two places of the built page that differ from page to page. Throws MH-GEN-009. */
export function parseTemplate(built: string): Template {
  const head = HEAD.exec(built);
  const bodyAt = built.indexOf(BODY);
  if (!head || bodyAt < head.index + head[0].length) {
    throw new ManyhandsError('MH-GEN-009', {
      message:
        'The index.html of the pages has no marks for head and body: it is not one of this version. Build the pages again.',
    });
  }
  return {
    start: built.slice(0, head.index),
    middle: built.slice(head.index + head[0].length, bodyAt),
    end: built.slice(bodyAt + BODY.length),
  };
}

/** The whole document. `publicUrl`: of this coordinator, without a slash at the end. */
export function fill(template: Template, page: Page, publicUrl: string): string {
  return template.start + headOf(page, publicUrl).text + template.middle + bodyOf(page).text + template.end;
}

/** Marked, so that the pages can take away what no longer holds once the reader has gone on to another one. */
function headOf({ title, description, path }: Page, publicUrl: string): Html {
  const name = path === '/' ? title : `${title} · Manyhands`;
  return html`<title data-served>${name}</title>
    <meta data-served name="description" content="${description}" />
    ${
      path === null
        ? html`<meta data-served name="robots" content="noindex" />`
        : html`<link data-served rel="canonical" href="${publicUrl}${path}" />
    <meta data-served property="og:url" content="${publicUrl}${path}" />`
    }
    <meta data-served property="og:type" content="website" />
    <meta data-served property="og:site_name" content="Manyhands" />
    <meta data-served property="og:title" content="${title}" />
    <meta data-served property="og:description" content="${description}" />
    <meta data-served property="og:image" content="${publicUrl}${PICTURE.path}" />
    <meta data-served property="og:image:width" content="${PICTURE.width}" />
    <meta data-served property="og:image:height" content="${PICTURE.height}" />
    <meta data-served property="og:image:alt" content="Manyhands: lend a hand to science" />
    <meta data-served name="twitter:card" content="summary_large_image" />`;
}

function bodyOf({ path: own, section, content }: Page): Html {
  const links = NAVIGATION.map(({ path, text }) => {
    const current = path === own ? 'page' : 'true';
    return html`<li><a href="${path}"${path === section ? html` aria-current="${current}"` : null}>${text}</a></li>`;
  });
  return html`<div class="served">
      <a class="skip" href="#main">Skip to content</a>
      <header><div class="page">
        <a href="/" class="home"><img src="/wordmark.svg" alt="Manyhands, home" width="388" height="76" /></a>
        <nav aria-label="Main"><ul>${links}</ul></nav>
      </div></header>
      <main id="main" tabindex="-1" class="page">
${content}
      </main>
      <footer><div class="page">
        <p>Manyhands is free software. Many hands make light work.</p>
        <p>Data as CSV: <a href="/api/v1/leaderboard.csv">leaderboard</a>, <a href="/api/v1/peers.csv">network</a> · <a href="/join#what-others-see">What others can see of you</a></p>
      </div></footer>
    </div>`;
}
