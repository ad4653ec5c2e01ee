// What lies where the results of a batch will: results of ours, and what is in the way of them.
import { lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileError, ManyhandsError } from '@manyhands/contract';
import type { ResultFiles } from './result-files.js';
import { MOVED_FOLDER, RECORD_FOLDER, type ResultRecord } from './result-record.js';

export type Obstacles = {
  /** Units of the batch of which files are there that are ours. */
  present: string[];
  /** Units of ours, of other names, that are a file where a folder is needed, or the other way round. */
  blockers: Set<string>;
  /** By unit: the path of a file of somebody else in its way. */
  foreign: Map<string, string>;
  /** By unit: why no file system, or not this one, can have its files. */
  impossible: Map<string, ManyhandsError>;
};

type Looking = {
  files: ResultFiles;
  /** Units by the paths of their files. */
  owners: ReadonlyMap<string, string>;
  /** After a crash: files may be ours without being in the record. */
  isAnyOurs: boolean;
};

/** Looks at all places of these units. Changes nothing. */
export function findObstacles(
  names: readonly string[],
  { files, record }: { files: ResultFiles; record: ResultRecord },
): Obstacles {
  const owners = new Map<string, string>();
  for (const { unit, batch } of record.given.values())
    for (const path of files.pathsOf(unit, record.batches.get(batch)?.collect)) owners.set(path, unit);
  const looking = { files, owners, isAnyOurs: record.broken.size > 0 };
  const found: Obstacles = { present: [], blockers: new Set(), foreign: new Map(), impossible: new Map() };
  const folders = new Map<string, string | undefined>();
  for (const name of names)
    try {
      refuseReserved(name);
      lookAt(name, { looking, found, folders });
    } catch (error) {
      found.impossible.set(name, ManyhandsError.from(error));
    }
  return found;
}

type Search = { looking: Looking; found: Obstacles; folders: Map<string, string | undefined> };

function lookAt(name: string, { looking, found, folders }: Search): void {
  const { files, owners, isAnyOurs } = looking;
  const paths = files.pathsOf(name);
  for (const folder of foldersAbove(paths)) {
    if (!folders.has(folder)) folders.set(folder, obstacleTo(folder, { looking, found, unit: name }));
    const obstacle = folders.get(folder);
    if (obstacle !== undefined) found.foreign.set(name, obstacle);
  }
  let isPresent = false;
  for (const path of paths) {
    const there = look(files.at(path), name);
    if (!there) continue;
    if (there.isDirectory()) {
      const inside = filesBelow(files.at(path)).map((file) => `${path}/${file}`);
      const other = inside.find((file) => !owners.has(file));
      if (other !== undefined || inside.length === 0) found.foreign.set(name, other ?? path);
      else for (const file of inside) found.blockers.add(owners.get(file) ?? name);
    } else if (isAnyOurs || owners.has(path)) isPresent = true;
    else found.foreign.set(name, path);
  }
  if (isPresent && !found.foreign.has(name)) found.present.push(name);
}

/** What is there and is no folder, unless it is ours and can be moved away. */
function obstacleTo(
  folder: string,
  { looking, found, unit }: { looking: Looking; found: Obstacles; unit: string },
): string | undefined {
  const path = looking.files.at(folder);
  const there = look(path, unit);
  if (!there || there.isDirectory() || isLinkToFolder(path, there)) return undefined;
  const owner = looking.owners.get(folder);
  if (owner === undefined) return folder;
  found.blockers.add(owner);
  return undefined;
}

function isLinkToFolder(path: string, there: Stats): boolean {
  return there.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Throws MH-GEN-013 where the file system cannot have such a name. */
function look(path: string, unit: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined; // the folder above is the obstacle
    const { code, message } = fileError('write', path, cause);
    throw new ManyhandsError(code, { message: `The unit ${unit}: ${message}`, meta: { path, unit }, cause });
  }
}

/** Throws MH-GEN-009 for a name below the folders that hold the record and what was moved away. */
function refuseReserved(name: string): void {
  const first = name.split('/')[0]?.toLowerCase();
  if (first !== RECORD_FOLDER && first !== MOVED_FOLDER) return;
  throw new ManyhandsError('MH-GEN-009', {
    message: `${name} can't be the name of a unit: ${first} in the folder of results is where Manyhands keeps its record. Please rename it, or choose a pattern that leaves it out.`,
    meta: { unit: name },
  });
}

/** All folders on the way to the paths, those further above first. */
export function foldersAbove(paths: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/');
    for (let length = 1; length < parts.length; length += 1) folders.add(parts.slice(0, length).join('/'));
  }
  return [...folders];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    );
}
