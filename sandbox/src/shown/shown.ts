// The file system that a confined process sees: real files and folders, and the links that lead to them.
import { lstatSync, readlinkSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';

export type Shown = {
  /** Real paths. */
  files: string[];
  /** Real paths; none lies in another. */
  folders: string[];
  /** Links outside of the folders, as they are. */
  links: { path: string; target: string }[];
};

/** Paths may lead over links, and may end with a separator. */
export function shownOf(paths: readonly string[]): Shown {
  const links = new Map<string, string>();
  const real = new Set(paths.map((path) => follow(path, links)));
  const allFolders = [...real].filter((path) => statSync(path).isDirectory());
  const folders = allFolders.filter((path) => !isInside(path, allFolders));
  return {
    files: [...real].filter((path) => !allFolders.includes(path) && !isInside(path, folders)),
    folders,
    links: [...links].filter(([path]) => !isInside(path, folders)).map(([path, target]) => ({ path, target })),
  };
}

/** The real path; keeps every link on the way. */
function follow(path: string, links: Map<string, string>): string {
  const rest = path.split(sep);
  let real: string = sep;
  for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
    if (part === '' || part === '.') continue;
    const next = part === '..' ? dirname(real) : join(real, part);
    if (!lstatSync(next).isSymbolicLink()) {
      real = next;
      continue;
    }
    const target = readlinkSync(next);
    links.set(next, target);
    rest.unshift(...(isAbsolute(target) ? target : join(real, target)).split(sep));
    real = sep;
  }
  return real;
}

function isInside(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(folder + sep));
}
