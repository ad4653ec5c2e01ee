// Packs every package that is published into packed/, for installing them without a registry, and says how.
// What only whoever runs a coordinator needs lies in a folder of its own. `--quiet` says nothing; `--to <folder>` packs elsewhere.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { publicFolders } from './manifests.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({ options: { to: { type: 'string' }, quiet: { type: 'boolean' } } });
const target = resolve(options.to ?? join(root, 'packed'));
const COORDINATOR = 'coordinator';

const folders = publicFolders();
const manifests = new Map(
  folders.map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    return [manifest.name, manifest];
  }),
);

/** The package and what it needs of ours. */
function needed(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const dependency of Object.keys(manifests.get(name).dependencies ?? {}))
    if (manifests.has(dependency)) needed(dependency, found);
  return found;
}

const fileOf = (name) => `${name.replace('@', '').replace('/', '-')}-${manifests.get(name).version}.tgz`;

rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, COORDINATOR), { recursive: true });
const args = [
  'pack',
  '--loglevel=error',
  '--silent',
  '--pack-destination',
  target,
  ...folders.flatMap((folder) => ['-w', folder]),
];
const npm = process.env.npm_execpath;
const { status, stdout, stderr } = npm
  ? spawnSync(process.env.npm_node_execpath ?? process.execPath, [npm, ...args], { cwd: root, encoding: 'utf8' })
  : spawnSync('npm', args, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' });
if (status !== 0) {
  console.error(stdout, stderr);
  process.exit(1);
}
const forAll = needed('manyhands');
for (const name of manifests.keys())
  if (!forAll.has(name)) renameSync(join(target, fileOf(name)), join(target, COORDINATOR, fileOf(name)));

if (options.quiet !== true) {
  const shown = options.to ?? 'packed';
  const sdk = [...needed('@manyhands/sdk')].map((name) => `${shown}/${fileOf(name)}`).join(' ');
  console.log(`${manifests.size} packages in ${shown}. To install

the command line:
  npm install --global --loglevel=error ${shown}/*.tgz
the command line and the coordinator:
  npm install --global --loglevel=error ${shown}/*.tgz ${shown}/${COORDINATOR}/*.tgz
the library for scientists, in a folder of your own (with the path to ${shown}):
  npm install --loglevel=error ${sdk}`);
}
