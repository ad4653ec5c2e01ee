// The files that a pattern names. What it names and cannot be read is an error: nothing is left out in silence.
import type { Dirent, Stats } from 'node:fs';
import { access, constants, lstat, readdir, readlink, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileError, fileTrouble, ManyhandsError } from '@manyhands/contract';
import { GLOBSTAR, Minimatch, type ParseReturnFiltered } from 'minimatch';

/** How many files are looked at at one time. */
const PARALLEL_CHECKS = 64;
const REMEDY = 'Please mend that, or choose a pattern that leaves it out.';

type Part = ParseReturnFiltered;
/** A `name` that is not UTF-8 has one character for each of its bytes. */
type Entry = { name: string; isText: boolean; kind: Pick<Dirent, 'isDirectory' | 'isFile'> };
type Walk = {
  /** Each folder is read once, however many parts of the pattern look into it. */
  entries: Map<string, Promise<Entry[]>>;
  found: Set<string>;
};

/**
 * All regular files that match, in no order. Folders are no files, and are passed over; `**` does not go through links to folders.
 * `isLeftOut`: what is not looked at. Throws MH-GEN-013 for a link that leads nowhere or in a circle, a file or folder that may not be read,
 * what is no ordinary file, and a name that is not UTF-8.
 */
export async function matchFiles(pattern: string, isLeftOut: (path: string) => boolean): Promise<string[]> {
  const walk: Walk = { entries: new Map(), found: new Set() };
  for (const parts of partsOf(pattern)) await visit('', parts, walk);
  return readableFiles([...walk.found], isLeftOut);
}

/** Those of the paths that are files; throws like `matchFiles`. */
export async function readableFiles(paths: readonly string[], isLeftOut: (path: string) => boolean): Promise<string[]> {
  const candidates = paths.filter((path) => !isLeftOut(path));
  const files: string[] = [];
  for (let start = 0; start < candidates.length; start += PARALLEL_CHECKS) {
    const chunk = candidates.slice(start, start + PARALLEL_CHECKS);
    const areFiles = await Promise.all(chunk.map(isReadableFile));
    files.push(...chunk.filter((_, index) => areFiles[index]));
  }
  return files;
}

/** The pattern's parts between slashes, for each of its alternatives in braces. */
function partsOf(pattern: string): readonly (readonly Part[])[] {
  const { set } = new Minimatch(pattern, { nocomment: true, nonegate: true, windowsPathsNoEscape: sep === '\\' });
  return set.map((parts) => (parts.at(-1) === GLOBSTAR ? [...parts, ...anyName()] : parts));
}

function anyName(): readonly Part[] {
  return new Minimatch('*').set[0] ?? [];
}

/** Adds what matches the parts from this folder on. */
async function visit(folder: string, parts: readonly Part[], walk: Walk): Promise<void> {
  const [part, ...rest] = parts;
  if (part === undefined) return;
  if (typeof part === 'string') {
    if (rest.length === 0) {
      if (part !== '') walk.found.add(below(folder, part)); // a slash at the end names a folder
    } else await visit(folder === '' && part === '' ? '/' : below(folder, part), rest, walk);
    return;
  }
  if (part === GLOBSTAR) await visit(folder, rest, walk);
  for (const { name, kind } of await entriesOf(folder, part, walk)) {
    const path = below(folder, name);
    if (part === GLOBSTAR) {
      if (kind.isDirectory()) await visit(path, parts, walk);
    } else if (rest.length === 0) walk.found.add(path);
    else if (await isFolder(path, kind)) await visit(path, rest, walk);
  }
}

function below(folder: string, name: string): string {
  if (folder === '') return name;
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}

/** What of a folder a wildcard matches. */
async function entriesOf(folder: string, part: Exclude<Part, string>, walk: Walk): Promise<Entry[]> {
  const known = walk.entries.get(folder) ?? readFolder(folder);
  walk.entries.set(folder, known);
  const matches = (name: string): boolean => (part === GLOBSTAR ? !name.startsWith('.') : part.test(name));
  const matching = (await known).filter(({ name }) => matches(name));
  for (const { name, isText, kind } of matching)
    if (!isText && (part !== GLOBSTAR || kind.isDirectory())) throw notText(folder, name);
  return matching;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function entryOf(name: Uint8Array, kind: Entry['kind']): Entry {
  try {
    return { name: utf8.decode(name), isText: true, kind };
  } catch {
    return { name: Buffer.from(name).toString('latin1'), isText: false, kind };
  }
}

async function readFolder(folder: string): Promise<Entry[]> {
  try {
    const entries = await readdir(folder === '' ? '.' : folder, { withFileTypes: true, encoding: 'buffer' });
    return entries.map((entry) => entryOf(entry.name, entry));
  } catch (error) {
    if (!isAbsent(error)) throw unreadable(folder, error);
    await refuseBrokenLinks(folder);
    return [];
  }
}

async function isFolder(path: string, kind: Entry['kind']): Promise<boolean> {
  if (kind.isDirectory()) return true;
  if (kind.isFile()) return false;
  return (await look(path))?.isDirectory() === true;
}

/** False for a folder, and for what is not there. */
async function isReadableFile(path: string): Promise<boolean> {
  const found = await look(path);
  if (!found || found.isDirectory()) return false;
  if (!found.isFile())
    throw new ManyhandsError('MH-GEN-013', {
      message: `${path} is no ordinary file but a pipe, a socket or a device. ${REMEDY}`,
      meta: { path },
    });
  await access(path, constants.R_OK).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  return true;
}

async function look(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (!isAbsent(error)) throw unreadable(path, error);
    await refuseBrokenLinks(path);
    return undefined;
  }
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** A path that leads nowhere may do so because of a link in it. */
async function refuseBrokenLinks(path: string): Promise<void> {
  const names = path.split('/');
  for (let length = 1; length <= names.length; length += 1) {
    const part = names.slice(0, length).join('/') || '/';
    const found = await lstat(part).catch(() => undefined);
    if (!found) return;
    if (!found.isSymbolicLink() || (await stat(part).catch(() => undefined))) continue;
    const target = await readlink(part).catch(() => '?');
    throw new ManyhandsError('MH-GEN-013', {
      message: `${part} is a link to ${target}, which is not there. ${REMEDY}`,
      meta: { path: part },
    });
  }
}

function unreadable(path: string, error: unknown): ManyhandsError {
  const { code } = fileError('read', path, error);
  const [why] = fileTrouble(error).split(/(?<=\.) /);
  return new ManyhandsError(code, { message: `Can't read ${path}: ${why} ${REMEDY}`, meta: { path }, cause: error });
}

function notText(folder: string, name: string): ManyhandsError {
  const shown = name.replace(/[^\x20-\x7e]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).toUpperCase()}`);
  const path = join(folder, shown);
  return new ManyhandsError('MH-GEN-013', {
    message: `${path}: its name is not UTF-8, so no unit can have it. Please rename it, or choose a pattern that leaves it out.`,
    meta: { path },
  });
}
