// The licences of others whose code lies in the files of a package: they ask that their words go with it.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { at } from './places.mjs';

const MODULES = `${sep}node_modules${sep}`;
const LICENCE = /^(licen[cs]e|copying|notice)([-.].*)?$/i;

/** The folder of the package that a module belongs to; undefined for one of ours. */
function packageOf(module) {
  const end = module.lastIndexOf(MODULES) + MODULES.length;
  if (end < MODULES.length) return undefined;
  const parts = module.slice(end).split(sep);
  const folder = module.slice(0, end) + parts.slice(0, parts[0]?.startsWith('@') ? 2 : 1).join(sep);
  return existsSync(join(folder, 'package.json')) ? folder : undefined;
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => LICENCE.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

/** Writes `dist/THIRD-PARTY-NOTICES.txt`, or removes it when all code is ours. */
export function writeNotices(folder, modules) {
  const file = at(folder, 'dist/THIRD-PARTY-NOTICES.txt');
  const packages = new Set(modules.map((module) => packageOf(module.split('?')[0])).filter(Boolean));
  rmSync(file, { force: true });
  if (packages.size === 0) return;
  const notices = [...packages].map(noticeOf).sort();
  writeFileSync(file, `${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}
