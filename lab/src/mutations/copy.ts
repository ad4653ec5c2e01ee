// A clean copy of the last commit beside its own node_modules, in which faults are planted one at a time.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Mutation, mutated } from './mutation.js';

export type Copy = {
  readonly root: string;
  /** Plants one fault; the sources are otherwise those of the commit. */
  plant(mutation: Mutation): void;
  /** Back to the commit. What was built stays, as the next build looks at the sources. */
  restore(): void;
};

/** The commit that is copied. Throws outside of a clone. */
export function headOf(repository: string): string {
  return git(repository, ['rev-parse', 'HEAD']).trim();
}

export function hasChanges(repository: string): boolean {
  return git(repository, ['status', '--porcelain', '--untracked-files=no']).trim() !== '';
}

/** Makes the copy, or brings an earlier one to the commit. */
export function openCopy(repository: string, directory: string, commit: string): Copy {
  if (!existsSync(join(directory, '.git')))
    git(repository, ['clone', '--quiet', '--shared', '--no-checkout', repository, directory]);
  git(directory, ['fetch', '--quiet', repository, commit]);
  git(directory, ['checkout', '--quiet', '--force', '--detach', commit]);
  linkModules(repository, directory);
  const restore = (): void => void git(directory, ['checkout', '--quiet', '--force', '--', '.']);
  return {
    root: directory,
    plant: (mutation) => {
      restore();
      const path = join(directory, mutation.file);
      writeFileSync(path, mutated(readFileSync(path, 'utf8'), mutation));
    },
    restore,
  };
}

/** The same packages without a second copy of their bytes; links between workspaces are relative, and lead into the copy. */
function linkModules(repository: string, directory: string): void {
  const wanted = readFileSync(join(repository, 'node_modules/.package-lock.json'), 'utf8');
  // A file of its own: the one in node_modules is the same file in both.
  const stamp = join(directory, '.git/linked-modules');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  for (const folder of moduleFolders(repository)) {
    rmSync(join(directory, folder), { recursive: true, force: true });
    linkTree(join(repository, folder), join(directory, folder));
  }
  writeFileSync(stamp, wanted);
}

function moduleFolders(repository: string): string[] {
  const { workspaces } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { workspaces: string[] };
  return ['', ...workspaces]
    .map((name) => join(name, 'node_modules'))
    .filter((name) => existsSync(join(repository, name)));
}

function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkOrCopy(source, target);
  }
}

/** Hard links need one file system. */
function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}

function git(directory: string, parameters: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('git', ['-C', directory, ...parameters], { encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new Error(`git ${parameters[0]} failed in ${directory}: ${stderr.trim()}`);
}
