// What the units of `manyhands map --each` are: one per matching file.
import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { ManyhandsError } from '@manyhands/contract';
import type { Input } from '@manyhands/sdk';
import { matchFiles, readableFiles } from './matching-files.js';

/** A file of inputs with the name that its unit and its result get. */
type MatchedFile = { name: string; path: string };

/**
 * One unit per file that matches the pattern, sorted by name: the path below the longest folder without wildcards. Files inside
 * an `outDirectory` below that folder are left out. Throws MH-BAT-007 when nothing matches.
 */
export async function planFiles(
  pattern: string,
  options: { asFile: string | undefined; outDirectory: string },
): Promise<Input[]> {
  const { outDirectory } = options;
  // A folder of results below the pattern's own folder: what an earlier run wrote there is no input of the next.
  const hasResultsInside = isInside(fixedFolder(pattern), outDirectory);
  let resultCount = 0;
  const inputs = await findFiles(pattern, (path) => {
    const isResult = hasResultsInside && isInside(outDirectory, path);
    if (isResult) resultCount += 1;
    return isResult;
  });
  if (inputs.length === 0) throw nothingMatches(pattern, resultCount);
  inputs.sort((left, right) => (left.name < right.name ? -1 : 1));
  const { asFile } = options;
  return inputs.map(({ name, path }) =>
    asFile === undefined ? { name, stdin: { path } } : { name, files: { [asFile]: { path } } },
  );
}

/** Whether a path lies below a folder. */
function isInside(folder: string, path: string): boolean {
  const below = relative(resolve(folder), resolve(path));
  return below !== '' && below.split(sep)[0] !== '..' && !isAbsolute(below);
}

async function findFiles(pattern: string, isLeftOut: (path: string) => boolean): Promise<MatchedFile[]> {
  // A name may hold what would be a wildcard: a file that is there goes first.
  const literal = await stat(pattern).catch(() => undefined);
  if (literal?.isDirectory()) return [];
  const base = literal?.isFile() ? dirname(pattern) : fixedFolder(pattern);
  const paths = literal?.isFile() ? await readableFiles([pattern], isLeftOut) : await matchFiles(pattern, isLeftOut);
  return paths.map((path) => ({ name: relative(base, path).split(sep).join('/'), path }));
}

/** The longest leading folder of a pattern that has no wildcard. */
export function fixedFolder(pattern: string): string {
  const parts = pattern.split('/');
  const firstWild = parts.findIndex((part) => /[*?[\]{}]|[!@+]\(/.test(part));
  const fixed = parts.slice(0, firstWild === -1 ? -1 : firstWild).join('/');
  return resolve(fixed === '' && pattern.startsWith('/') ? '/' : fixed);
}

function nothingMatches(pattern: string, resultCount: number): ManyhandsError {
  const hint =
    resultCount > 0
      ? 'All files that match lie in the folder of results.'
      : "Please check the pattern and put it in quotes, for example --each 'inputs/*.txt'.";
  return new ManyhandsError('MH-BAT-007', { message: `No input file matches ${pattern}. ${hint}`, meta: { pattern } });
}

/** Refuses inputs whose results would overwrite them (MH-GEN-009). */
export function refuseOverwriting(inputs: readonly Input[], fileOf: (name: string) => string): void {
  for (const { name, stdin, files } of inputs)
    for (const source of [stdin, ...Object.values(files ?? {})])
      if (pathOf(source) === resolve(fileOf(name)))
        throw new ManyhandsError('MH-GEN-009', {
          message: `The result of ${name} would overwrite its own input. Please choose another folder with --out.`,
        });
}

function pathOf(source: Input['stdin']): string | undefined {
  const hasPath = typeof source === 'object' && 'path' in source && typeof source.path === 'string';
  return hasPath ? resolve(source.path as string) : undefined;
}
