// Serves the built pages as the coordinator does, with recorded answers behind them.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { answerOf, type Scene } from '../fixtures/coordinator-answers.js';

const SITE = join(import.meta.dirname, '../../../coordinator/dist/site');
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
/** As strict as the coordinator's: nothing inline, nothing from elsewhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export type FixtureServer = {
  readonly url: string;
  /** What the answers tell from now on; null: every call fails with 503; `gone`: every connection breaks; `renewed`: the scripts are others. */
  show(scene: Scene | null | 'gone' | 'renewed'): void;
  /** API calls that came in since the last look. */
  takeAsked(): string[];
  stop(): Promise<void>;
};

export async function startFixtureServer(): Promise<FixtureServer> {
  let scene: Parameters<FixtureServer['show']>[0] = 'running';
  let asked: string[] = [];
  const server = createServer(async (request, response) => {
    const target = request.url ?? '/';
    if (scene === 'gone') {
      request.socket.destroy();
      return;
    }
    if (target.startsWith('/api/')) {
      asked.push(target);
      const body = scene === null ? undefined : answerOf(scene === 'renewed' ? 'running' : scene, target);
      response.writeHead(scene === null ? 503 : body === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body ?? { code: scene === null ? 'MH-GEN-009' : 'MH-GEN-003' }));
      return;
    }
    const path = normalize(new URL(target, 'http://localhost').pathname);
    const file = extname(path) === '' ? '/index.html' : path;
    if (scene === 'renewed' && extname(file) === '.js') {
      response.writeHead(404).end();
      return;
    }
    try {
      const content = await readFile(join(SITE, file));
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    show: (next) => {
      scene = next;
    },
    takeAsked: () => {
      const taken = asked;
      asked = [];
      return taken;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
