// Draws whole pages without a browser: what a reader gets to read for the answers of a coordinator. Effects do not run, so nothing is asked twice.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { createPages } from '../../src/router.js';
import { answerOf, type Scene } from '../fixtures/coordinator-answers.js';

export type Drawn = {
  readonly html: string;
  /** What stands in <main>, without tags, spaces made one. */
  readonly text: string;
  /** Paths asked for, in order. */
  readonly asked: readonly string[];
  /** How long after its answer each thing is asked for again, by the name of the question; false: never. */
  readonly intervals: Readonly<Record<string, unknown>>;
};

export type DrawOptions = {
  /** `loading`: no answer yet; `away`: nobody answers; `busy`: HTTP 503. */
  readonly scene: Scene | 'loading' | 'away' | 'busy';
  /** Bodies that stand for those of the scene, by path. */
  readonly answers?: Readonly<Record<string, unknown>>;
};

/** Draws, answers what the page asks, and draws again, until it asks nothing more. */
export async function drawPage(path: string, options: DrawOptions): Promise<Drawn> {
  const asked: string[] = [];
  // What failed stays failed: no effect asks again.
  const client = new QueryClient({ defaultOptions: { queries: { retryOnMount: false } } });
  const real = globalThis.fetch;
  globalThis.fetch = async (input) => {
    asked.push(String(input));
    return respond(options, String(input));
  };
  try {
    const router = await routerAt(path);
    let html = draw(client, router);
    for (let isNew = options.scene !== 'loading'; isNew; ) {
      const open = client
        .getQueryCache()
        .getAll()
        .filter(({ state, options: query }) => state.status === 'pending' && !isSwitchedOff(query));
      await Promise.all(open.map((query) => query.fetch().catch(() => undefined)));
      html = draw(client, router);
      isNew = open.length > 0;
    }
    return { html, text: textOf(html), asked, intervals: intervalsOf(client) };
  } finally {
    globalThis.fetch = real;
    client.clear();
  }
}

/** As in a browser, an address with something unknown in it leads on to the one without. */
async function routerAt(path: string): Promise<ReturnType<typeof createPages>> {
  const router = createPages(createMemoryHistory({ initialEntries: [path] }));
  await router.load();
  const result = router._serverResult;
  return result?.type === 'redirect' ? routerAt(result.redirect.headers.get('location') ?? '/') : router;
}

function draw(client: QueryClient, router: ReturnType<typeof createPages>): string {
  return renderToStaticMarkup(
    createElement(QueryClientProvider, { client }, createElement(RouterProvider, { router })),
  );
}

/** The cache keeps what a component said of its question, but does not declare it. */
function isSwitchedOff(query: object): boolean {
  return 'enabled' in query && query.enabled === false;
}

function intervalsOf(client: QueryClient): Record<string, unknown> {
  const queries = client.getQueryCache().getAll();
  return Object.fromEntries(
    queries.map((query) => {
      const { refetchInterval } = query.options as { refetchInterval?: (of: typeof query) => unknown };
      return [String(query.queryKey[0]), refetchInterval?.(query)];
    }),
  );
}

function respond({ scene, answers = {} }: DrawOptions, target: string): Response {
  if (scene === 'busy') return Response.json({ code: 'MH-GEN-006' }, { status: 503 });
  if (scene === 'away' || scene === 'loading') throw new TypeError('fetch failed');
  const body = answers[target.replace('/api/v1', '')] ?? answerOf(scene, target);
  return Response.json(body ?? { code: 'MH-GEN-003' }, { status: body === undefined ? 404 : 200 });
}

function textOf(html: string): string {
  const main = /<main[^>]*>([\s\S]*)<\/main>/.exec(html)?.[1] ?? html;
  return main
    .replace(/<(title|style|script)[^>]*>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}
