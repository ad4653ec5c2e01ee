// What Node itself needs of the file system: its program and the shared libraries that it has loaded.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

export type NodeFiles = {
  /** The program and all libraries. */
  paths: string[];
  /** What the kernel runs: the program and its loader. */
  executables: string[];
  /** Where the loader looks for libraries, for want of its cache. */
  libraryFolders: string[];
};

export function nodeFiles(): NodeFiles {
  const report = process.report.getReport() as unknown as { sharedObjects: string[] };
  // The first ones have no file: what the kernel maps into every process.
  const libraries = report.sharedObjects.filter((path) => path.startsWith('/') && existsSync(path));
  const loaders = libraries.filter((path) => /\/ld-[^/]*$/.test(path));
  return {
    paths: [process.execPath, ...libraries],
    executables: [process.execPath, ...loaders],
    libraryFolders: [...new Set(libraries.map((path) => dirname(path)))],
  };
}
