// nginx with its defaults in front of a coordinator, as Debian ships it; for the rest of a test.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { TestProcess, temporaryFolder, until } from '@manyhands/testing';

const NGINX = '/usr/sbin/nginx';

/** Whether tests with nginx run here; otherwise they say why not. */
export const hasNginx: boolean = (() => {
  const isThere = existsSync(NGINX) || process.env.MANYHANDS_REQUIRE_ALL === '1';
  if (!isThere) console.warn('skipped: uploads behind nginx (no nginx: apt-get install nginx-light)');
  return isThere;
})();

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts it in front of a port of this machine, as docs/operators has it; gives its own port. `isUpgrading`: whether it passes WebSockets on. */
export async function startNginx(target: number, { isUpgrading = true } = {}): Promise<number> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => {
    mkdirSync(join(folder, kind));
    return `${kind}_temp_path ${join(folder, kind)};`;
  });
  const upgrade = isUpgrading
    ? 'proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade"; proxy_set_header X-Forwarded-For $remote_addr;'
    : '';
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const configuration = `
    ${user} daemon off; master_process off; pid ${join(folder, 'pid')}; error_log stderr;
    events {}
    http {
      access_log off; ${temporary.join(' ')}
      server { listen 127.0.0.1:${port}; location / { proxy_pass http://127.0.0.1:${target}; ${upgrade} } }
    }`;
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configuration);
  const nginx = new TestProcess('nginx', ['-p', folder, '-c', file, '-e', 'stderr'], { executable: NGINX });
  await until(
    () => `nginx on port ${port}: ${nginx.story()}`,
    () => {
      if (nginx.hasEnded) throw new Error(nginx.story());
      return fetch(`http://127.0.0.1:${port}/healthz`).then(
        () => true,
        () => false,
      );
    },
  );
  return port;
}
