// What the units of `manyhands map` are: one per matching file, or one per line of a file.
import { glob, open, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileError, isManyhandsError, ManyhandsError } from '@manyhands/contract';
import type { Input } from '@manyhands/sdk';
import { splitWords } from './words.js';

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
  const files = await matchFiles(pattern);
  const { outDirectory } = options;
  // A folder of results below the pattern's own folder: what an earlier run wrote there is no input of the next.
  const hasResultsInside = isInside(fixedFolder(pattern), outDirectory);
  const isResult = ({ path }: MatchedFile): boolean => hasResultsInside && isInside(outDirectory, path);
  const inputs = files.filter((file) => !isResult(file));
  if (inputs.length === 0) throw nothingMatches(pattern, files.length);
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

async function matchFiles(pattern: string): Promise<MatchedFile[]> {
  const literal = await stat(pattern).catch(() => undefined);
  if (literal?.isFile()) return [{ name: basename(pattern), path: pattern }];
  if (literal?.isDirectory()) return [];
  const base = fixedFolder(pattern);
  const files: MatchedFile[] = [];
  for await (const entry of glob(pattern, { withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isFile = entry.isSymbolicLink() ? (await stat(path).catch(() => undefined))?.isFile() : entry.isFile();
    if (isFile) files.push({ name: relative(base, path).split(sep).join('/'), path });
  }
  return files;
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

/** Line numbers have this many digits in the names of units. */
const NAME_DIGITS = 6;

/** One unit per line that is not blank, named by its line number: `000001`. Its words follow the other arguments. Throws MH-BAT-007, MH-GEN-013. */
export async function planLines(path: string): Promise<Input[]> {
  const file = await open(path).catch((cause: Error) => {
    throw fileError('read', path, cause);
  });
  const inputs: Input[] = [];
  let lineNumber = 0;
  try {
    for await (const line of file.readLines({ encoding: 'utf8' })) {
      lineNumber += 1;
      if (line.trim() === '') continue;
      inputs.push({ name: String(lineNumber).padStart(NAME_DIGITS, '0'), args: wordsOf(line, { path, lineNumber }) });
    }
  } catch (error) {
    throw isManyhandsError(error) ? error : fileError('read', path, error); // a folder opens, but has no lines
  } finally {
    await file.close().catch(() => undefined);
  }
  if (inputs.length > 0) return inputs;
  throw new ManyhandsError('MH-BAT-007', { message: `${path} has no line with words.`, meta: { path } });
}

function wordsOf(line: string, where: { path: string; lineNumber: number }): string[] {
  try {
    return splitWords(line);
  } catch (error) {
    const { code, message } = ManyhandsError.from(error);
    throw new ManyhandsError(code, { message: `${where.path}, line ${where.lineNumber}: ${message}`, meta: where });
  }
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
