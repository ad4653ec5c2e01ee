// The packed packages, and places where they are installed: a home folder of somebody who has nothing else of the repository.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentOf, type NodeFolder, OUTER_PATH, REPOSITORY } from './nodes.js';

export type Packed = { all: string[]; coordinator: string[]; sdk: string[] };

/** Packs what the build has made, as `npm run pack` does. */
export function pack(folder: string): Packed {
  execFileSync('node', [join(REPOSITORY, 'scripts/pack.mjs'), '--to', folder, '--quiet'], {
    env: { ...process.env, PATH: OUTER_PATH },
    stdio: 'pipe',
  });
  const filesIn = (path: string): string[] =>
    readdirSync(path)
      .filter((name) => name.endsWith('.tgz'))
      .map((name) => join(path, name));
  const all = filesIn(folder);
  const sdk = all.filter((file) => /manyhands-(contract|runtime|instrument|sandbox|sdk)-\d/.test(file));
  return { all, coordinator: filesIn(join(folder, 'coordinator')), sdk };
}

/** A folder with a secret in it. */
export function folderWithSecret(...parts: string[]): { folder: string; secret: string } {
  const folder = join(...parts);
  mkdirSync(folder, { recursive: true });
  const secret = join(folder, 'secret');
  writeFileSync(secret, 'nobody else may read this');
  return { folder, secret };
}

export type InstallOptions = {
  files: readonly string[];
  node: NodeFolder;
  /** The script of an npm; the one on the path otherwise. */
  npm?: string;
  home: string;
  /** Where to: a prefix for what is installed for the whole computer, or a folder. */
  prefix?: string;
  folder?: string;
};

/** `npm install`; gives all that it said. Throws when it fails. */
export function install({ files, node, npm, home, prefix, folder }: InstallOptions): string {
  const args = ['install', '--loglevel=error', '--no-audit', '--no-fund', ...files];
  if (prefix !== undefined) args.push('--global', '--prefix', prefix);
  const cache = execFileSync('npm', ['config', 'get', 'cache'], {
    env: { ...process.env, PATH: OUTER_PATH },
    encoding: 'utf8',
  });
  const [command, words] = npm === undefined ? ['npm', args] : ['node', [npm, ...args]];
  const { status, stdout, stderr } = spawnSync(command, words, {
    cwd: folder ?? home,
    env: { ...process.env, ...environmentOf(node, home), npm_config_cache: cache.trim() },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout + stderr;
}

/** The names of all packages below a `node_modules`, at any depth. */
export function packagesIn(modules: string): string[] {
  const names: string[] = [];
  for (const entry of readdirSync(modules).filter((name) => !name.startsWith('.')))
    for (const name of entry.startsWith('@')
      ? readdirSync(join(modules, entry)).map((part) => `${entry}/${part}`)
      : [entry]) {
      if (!existsSync(join(modules, name, 'package.json'))) continue;
      names.push(name);
      const inner = join(modules, name, 'node_modules');
      if (existsSync(inner)) names.push(...packagesIn(inner));
    }
  return names;
}
