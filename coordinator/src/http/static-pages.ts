// The built web pages: assets for ever, the page itself always asked for again, compressed at build time.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const BUILT_PAGES = fileURLToPath(new URL('../../../web/dist/site', import.meta.url));

/** Serves the pages if they were built; returns whether they were. */
export async function servePages(app: NestFastifyApplication, webRoot: string | undefined): Promise<boolean> {
  const root = webRoot ?? BUILT_PAGES;
  if (!existsSync(root)) return false;
  await app.register(fastifyStatic, {
    root,
    cacheControl: false,
    preCompressed: true,
    wildcard: false,
    setHeaders(reply, path) {
      reply.header('cache-control', /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return true;
}
