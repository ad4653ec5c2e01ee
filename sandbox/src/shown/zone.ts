// What a confined process may read: the files and packages that its package lists under `confined`, and nothing beside them.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One entry of `confined` in a package.json. The import rules hold the modules of `folders` to the same lists. */
type Confined = {
  /** Folders of `dist`. */
  folders: string[];
  packages: string[];
};
type Manifest = {
  confined?: Record<string, Confined>;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};

/**
 * Files and folders; folders end with a separator. A package that is linked from elsewhere, as in a clone of the repository, has two:
 * Node looks for the link and reads what it leads to. Further up the tree Node finds nothing that it needs, and does not insist.
 * `packageFolder` is the folder of the package that has the zone.
 */
export function readablePaths(zone: { packageFolder: URL; name: string }): string[] {
  const own = realpathSync(fileURLToPath(zone.packageFolder));
  const manifest = join(own, 'package.json');
  const confined = manifestIn(own).confined?.[zone.name];
  if (!confined) throw new Error(`${manifest} has no zone ${zone.name}`);
  const paths = new Set([manifest]);
  for (const folder of confined.folders) {
    const built = join(own, 'dist', folder);
    // What went into the files of others whole, as messages do, has no folder where no types were made.
    if (existsSync(built)) paths.add(built + sep);
  }
  for (const name of confined.packages) addPackage(name, own, paths);
  return [...paths];
}

/** Adds the package that a module of `importer` gets by that name, and what it depends on. Optional ones may be missing. */
function addPackage(name: string, importer: string, paths: Set<string>): void {
  const link = findPackage(name, importer);
  if (link === undefined) return;
  const folder = realpathSync(link);
  const isKnown = paths.has(folder + sep);
  paths.add(link + sep).add(folder + sep);
  if (isKnown) return;
  const { dependencies, optionalDependencies } = manifestIn(folder);
  for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies }))
    addPackage(dependency, folder, paths);
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** As Node does: in the `node_modules` of this folder and of each above it. */
function findPackage(name: string, importer: string): string | undefined {
  for (let folder = importer; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}
