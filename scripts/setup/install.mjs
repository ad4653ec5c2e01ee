// The packages that package-lock.json asks for, installed when they are not there.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, sep } from 'node:path';
import { at, fail, root } from './places.mjs';

/** True when node_modules holds exactly what package-lock.json asks for (optional packages of other platforms aside). */
export function isInstalled() {
  const [wanted, found] = ['package-lock.json', 'node_modules/.package-lock.json'].map((file) =>
    existsSync(at(file)) ? JSON.parse(readFileSync(at(file), 'utf8')).packages : {},
  );
  return Object.entries(wanted).every(([path, { version, integrity, link, optional }]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true; // the root and the workspaces themselves
    const installed = found[path];
    if (!installed) return optional === true;
    // Inside a workspace: whoever copies node_modules alone leaves it out, and another version from above would be used in silence.
    if (!path.startsWith('node_modules/') && !existsSync(at(path))) return false;
    return link ? installed.link === true : installed.version === version && installed.integrity === integrity;
  });
}

/** npm must run under the outer Node: npm ci deletes node_modules, and with it the bundled Node. */
export function install() {
  const npm = process.env.npm_execpath;
  const isWindows = process.platform === 'win32';
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((part) => !part.includes(`node_modules${sep}.bin`))
    .join(delimiter);
  // What is in npm's cache is not asked for again.
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund', '--prefer-offline'];
  const [command, ...before] = npm
    ? [process.env.npm_node_execpath ?? process.execPath, npm]
    : [isWindows ? 'npm.cmd' : 'npm'];
  const { status, stdout, stderr, error } = spawnSync(command, [...before, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
    maxBuffer: 2 ** 28,
    shell: !npm && isWindows,
  });
  if (status !== 0) fail(`installing failed:\n${stdout ?? ''}${stderr ?? ''}${error ?? ''}`);
}

/** npm 9 installs the bundled Node without putting it on the path of the scripts. */
function linkNode() {
  const program = `node-${process.platform}-${process.arch}/bin/node`;
  const link = at('node_modules/.bin/node');
  if (existsSync(at('node_modules', program)) && !existsSync(link)) symlinkSync(`../${program}`, link);
}

/** The bundled Node is optional to npm; without it (other platform) the Node that runs this must do. */
export function assertNodeSuits() {
  const outer = /\bnode\/v(\d+)\.(\d+)/.exec(process.env.npm_config_user_agent ?? '');
  if (outer && (Number(outer[1]) < 20 || (Number(outer[1]) === 20 && Number(outer[2]) < 19)))
    fail(
      'Building the repository needs npm under Node 20.19 or newer: under an older one npm leaves out a part of the tools. Packed, the packages install under Node 18.',
    );
  linkNode();
  const isBundled = existsSync(at('node_modules/.bin/node')) || existsSync(at('node_modules/.bin/node.cmd'));
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (!isBundled && (major < 22 || (major === 22 && minor < 12)))
    fail(
      `Node ${process.versions.node} is too old and no Node is bundled for ${process.platform}-${process.arch}: install Node 22.12 or newer.`,
    );
}
