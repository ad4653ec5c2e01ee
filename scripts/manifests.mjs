// Keeps what the manifests of all packages have in common in one place: here. Writes it into them; with --check it only fails where it
// differs; with --version 0.2.0 all packages, what they ask of one another, and the lockfile move to that version.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const readJson = (path) => JSON.parse(readFileSync(at(path), 'utf8'));

const REPOSITORY = 'https://github.com/manyhands/manyhands';
/** What runs our code. The command line starts under less, and then goes on under the Node that comes with it. */
const NODE = { all: '>=22.12', manyhands: '>=18' };
/** Which maps of types to sources, and which marks of the compiler, are of no use outside of this repository. */
const LEFT_OUT = ['!dist/.tsbuildinfo'];
const DEPENDENCIES = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

/** The folders of the packages that are published. */
export function publicFolders() {
  return readJson('package.json').workspaces.filter((folder) => readJson(`${folder}/package.json`).private !== true);
}

/** The manifest as it must be. */
function completed(manifest, { folder, version, names }) {
  const own = structuredClone(manifest);
  own.version = version;
  for (const kind of DEPENDENCIES)
    for (const name of Object.keys(own[kind] ?? {})) if (names.has(name)) own[kind][name] = version;
  own.license = 'Apache-2.0';
  if (folder === '' || own.private === true) return own;
  own.homepage = `${REPOSITORY}/tree/main/${folder}#readme`;
  own.bugs = `${REPOSITORY}/issues`;
  own.repository = { type: 'git', url: `git+${REPOSITORY}.git`, directory: folder };
  own.publishConfig = { access: 'public' };
  own.engines = { node: NODE[own.name] ?? NODE.all };
  own.files = [...own.files.filter((entry) => !LEFT_OUT.includes(entry)), ...LEFT_OUT];
  return own;
}

/** Every file that the common part of the manifests decides, as it must be. */
function* files(version) {
  const { workspaces } = readJson('package.json');
  const names = new Set(workspaces.map((folder) => readJson(`${folder}/package.json`).name));
  for (const folder of ['', ...workspaces]) {
    const path = posix.join(folder, 'package.json');
    yield [path, `${JSON.stringify(completed(readJson(path), { folder, version, names }), null, 2)}\n`];
  }
  for (const folder of publicFolders()) yield [`${folder}/LICENSE`, readFileSync(at('LICENSE'), 'utf8')];
  const lock = readJson('package-lock.json');
  lock.version = version;
  for (const folder of ['', ...workspaces])
    lock.packages[folder] = completed(lock.packages[folder], { folder: '', version, names });
  yield ['package-lock.json', `${JSON.stringify(lock, null, 2)}\n`];
}

function main([option, wanted]) {
  const isCheck = option === '--check';
  if (option !== undefined && !isCheck && !(option === '--version' && /^\d+\.\d+\.\d+(-[\w.]+)?$/.test(wanted ?? ''))) {
    console.error('usage: npm run version -- 0.2.0   (or: node scripts/manifests.mjs [--check])');
    return 2;
  }
  const faults = publicFolders()
    .filter((folder) => !existsSync(at(`${folder}/README.md`)) || !readJson(`${folder}/package.json`).description)
    .map((folder) => `${folder} needs a README.md, and a description in its package.json`);
  for (const [path, content] of files(wanted ?? readJson('package.json').version)) {
    if (existsSync(at(path)) && readFileSync(at(path), 'utf8') === content) continue;
    if (isCheck) faults.push(`${path} differs from what it must be: run node scripts/manifests.mjs`);
    else writeFileSync(at(path), content);
  }
  for (const fault of faults) console.error(fault);
  return faults.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = main(process.argv.slice(2));
