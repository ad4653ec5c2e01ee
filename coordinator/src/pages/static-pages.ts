// The built web pages: assets for ever, everything else always asked for again, compressed at build time.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { parseTemplate } from './page.js';
import { PageFacts } from './page-facts.service.js';
import { RenderedPages } from './rendered-pages.js';

const BUILT_PAGES = fileURLToPath(new URL('../../dist/site', import.meta.url));

/** Serves the pages; returns what answers for unknown addresses, undefined without pages: then it says so, in the log and in their place. */
export async function servePages(
  app: NestFastifyApplication,
  { webRoot, logger }: { webRoot: string | undefined; logger: Logger },
): Promise<RenderedPages | undefined> {
  const root = webRoot ?? BUILT_PAGES;
  if (!existsSync(join(root, 'index.html'))) {
    logger.warn(
      { root },
      'there are no pages: everything else works; a build of the repository or a whole package has them',
    );
    sayThatThereAreNone(app);
    return undefined;
  }
  await app.register(fastifyStatic, {
    root,
    cacheControl: false,
    preCompressed: true,
    wildcard: false,
    // The page itself is sent with its facts put in.
    index: false,
    globIgnore: ['index.html', 'index.html.*'],
    setHeaders(reply, path) {
      reply.header('cache-control', /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const template = parseTemplate(await readFile(join(root, 'index.html'), 'utf8'));
  const pages = new RenderedPages(template, app.get(PageFacts));
  pages.register(app.getHttpAdapter().getInstance());
  return pages;
}

function sayThatThereAreNone(app: NestFastifyApplication): void {
  const text =
    'This coordinator runs without its pages: it found none. Everything else works.\nIts operator finds in its log where it looked.\n';
  app
    .getHttpAdapter()
    .getInstance()
    .get('/', (_request, reply) => reply.status(404).type('text/plain; charset=utf-8').send(text));
}
