// Versions of Node and npm to try the packages with, kept in .build/nodes: one as Debian builds it, the others from the registry.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));
const CACHE = join(REPOSITORY, '.build/nodes');
const isEverythingRequired = process.env.MANYHANDS_REQUIRE_ALL === '1';

/** Debian 12 has Node 18, with these libraries of its own; some of its inner modules come as packages that must be installed. */
const DEBIAN_PACKAGES = [
  'nodejs=18.*',
  'libnode108',
  'libuv1',
  'libc-ares2',
  'libnghttp2-14',
  'libicu72',
  'libssl3',
  'libbrotli1',
];
const DEBIAN_MODULES = '/usr/share/nodejs/cjs-module-lexer/lexer.js';

/** A folder with `node` in it, for the front of PATH. */
export type NodeFolder = { name: string; bin: string };

/** The path without what the repository puts there. */
export const OUTER_PATH = (process.env.PATH ?? '')
  .split(':')
  .filter((folder) => !folder.includes('node_modules'))
  .join(':');

/** The environment of somebody who has this Node and nothing of the repository, with a home of their own. */
export function environmentOf({ bin }: NodeFolder, home: string): Record<string, string | undefined> {
  const npm = Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => /^npm_/i.test(name))
      .map((name) => [name, undefined]),
  );
  return {
    ...npm,
    PATH: `${bin}:${OUTER_PATH}`,
    HOME: home,
    XDG_DATA_HOME: undefined,
    XDG_CONFIG_HOME: undefined,
    NODE_PATH: undefined,
  };
}

/** A published Node; fetched once. */
export function nodeOf(version: string): NodeFolder {
  const name = `node-linux-${process.arch}`;
  return { name: `Node ${version}`, bin: join(fetched(name, version), 'bin') };
}

/** A published npm; fetched once. Gives its script. */
export function npmOf(version: string): string {
  return join(fetched('npm', version), 'bin/npm-cli.js');
}

function fetched(name: string, version: string): string {
  return once(`${name}-${version}`, (folder) => {
    execFileSync('npm', ['pack', '--silent', `${name}@${version}`, '--pack-destination', folder], {
      env: outer(),
      stdio: 'pipe',
    });
    for (const file of readdirSync(folder))
      execFileSync('tar', ['-xzf', file, '--strip-components=1'], { cwd: folder });
  });
}

/** Node 18 as Debian 12 builds it; where that is not to be had, and not required, the one of nodejs.org. */
export function debianNode(): NodeFolder {
  try {
    if (!existsSync(DEBIAN_MODULES))
      throw new Error(`${DEBIAN_MODULES} is missing: apt-get install node-cjs-module-lexer node-undici node-acorn`);
    const folder = once('debian-18', (target) => {
      execFileSync('apt-get', ['download', '-qq', ...DEBIAN_PACKAGES], { cwd: target, stdio: 'pipe' });
      for (const file of readdirSync(target)) execFileSync('dpkg', ['-x', file, 'root'], { cwd: target });
    });
    const bin = join(folder, 'bin');
    const [library] = readdirSync(join(folder, 'root/usr/lib')).map((name) => join(folder, 'root/usr/lib', name));
    mkdirSync(bin, { recursive: true });
    writeFileSync(
      join(bin, 'node'),
      `#!/bin/sh\nLD_LIBRARY_PATH='${library}' exec '${folder}/root/usr/bin/node' "$@"\n`,
    );
    chmodSync(join(bin, 'node'), 0o755);
    return { name: 'Node 18 of Debian', bin };
  } catch (error) {
    if (isEverythingRequired) throw error;
    console.warn(`not Debian’s Node 18 but that of nodejs.org: ${(error as Error).message}`);
    return nodeOf('18.20.4');
  }
}

/** Makes a folder once for all runs; one that was interrupted leaves nothing that counts. */
function once(name: string, fill: (folder: string) => void): string {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const beginning = mkdtempSync(join(CACHE, 'beginning-'));
  try {
    fill(beginning);
    renameSync(beginning, folder);
  } finally {
    rmSync(beginning, { recursive: true, force: true });
  }
  return folder;
}

function outer(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: OUTER_PATH };
}
