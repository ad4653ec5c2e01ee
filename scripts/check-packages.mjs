// Checks the packages as they are published: the common part of their manifests, what publint and arethetypeswrong say of the packed
// files, that what a volunteer or a scientist installs has nothing of the coordinator in it, and that no package runs a script when it is installed.
// Needs the build.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { publicFolders } from './manifests.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, '.build/packed');
const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const faults = [];

/** Runs another script of ours; what it says is a fault when it fails. */
function run(script, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts', script), ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) faults.push(stdout + stderr);
}

/** The packages are modules only: what `require` of older versions makes of them does not count. */
const RESOLUTIONS = new Set(['node16-esm', 'bundler']);

async function checkTarball(file) {
  const bytes = new Uint8Array(readFileSync(file));
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
  for (const message of messages) faults.push(`${file}: ${formatMessage(message, pkg, { color: false })}`);
  if (pkg.exports['.'] === undefined) return; // a command, without anything to import
  const { types, problems = [] } = await checkPackage(createPackageFromTarballData(bytes));
  if (!types) faults.push(`${file}: no types`);
  for (const problem of problems)
    if (problem.resolutionKind === undefined || RESOLUTIONS.has(problem.resolutionKind))
      faults.push(`${file}: ${JSON.stringify(problem)}`);
}

/** Packages that are never published: their manifests still must make sense to whoever resolves them. */
async function checkPrivate(folder) {
  const { messages, pkg } = await publint({ pkgDir: join(root, folder), pack: false, level: 'warning', strict: true });
  for (const message of messages) faults.push(`${folder}: ${formatMessage(message, pkg, { color: false })}`);
}

const BELONGS_TO_COORDINATOR =
  /^(@nestjs\/|@fastify\/|fastify$|react|vite$|typescript$|@manyhands\/(coordinator|unit-))/;

/** What the lockfile has a package install, optional peers aside. */
function checkTree(folder) {
  const { packages } = readJson('package-lock.json');
  const seen = new Set();
  const waiting = [folder];
  for (const path of waiting) {
    if (seen.has(path)) continue;
    seen.add(path);
    const { dependencies, optionalDependencies } = packages[path];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      if (BELONGS_TO_COORDINATOR.test(name)) faults.push(`${folder} installs ${name}, by ${path}`);
      const found = locate(packages, path, name);
      if (found !== undefined) waiting.push(packages[found].link ? packages[found].resolved : found);
    }
  }
}

/** Whoever installs runs nothing of others and tells nobody: such a script may download, or report the installation. */
function checkScripts() {
  for (const [path, { hasInstallScript }] of Object.entries(readJson('package-lock.json').packages))
    if (hasInstallScript) faults.push(`${path} runs a script when it is installed`);
}

function locate(packages, path, name) {
  for (let from = path; ; from = from.slice(0, Math.max(from.lastIndexOf('/'), 0))) {
    const candidate = from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`;
    if (packages[candidate]) return candidate;
    if (from === '') return undefined;
  }
}

run('manifests.mjs', ['--check']);
run('pack.mjs', ['--to', target, '--quiet']);
const files = readdirSync(target, { recursive: true }).filter((name) => name.endsWith('.tgz'));
if (files.length !== publicFolders().length)
  faults.push(`${files.length} of ${publicFolders().length} packages were packed`);
for (const file of files) await checkTarball(join(target, file));
const published = new Set(publicFolders());
for (const folder of readJson('package.json').workspaces) if (!published.has(folder)) await checkPrivate(folder);
for (const folder of ['cli', 'sdk']) checkTree(folder);
checkScripts();
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
