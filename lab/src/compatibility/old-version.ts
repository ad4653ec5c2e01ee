// Another version of the repository beside this one, installed and built from its own lockfile.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Returns the folder. Throws, with what to do, when the commit is not there or does not build. */
export function openVersion(repository: string, commit: string): string {
  const { status, stdout } = git(repository, ['rev-parse', '--verify', '--quiet', `${commit}^{commit}`]);
  if (status !== 0)
    throw new Error(`there is no commit ${commit} in this clone; a shallow one needs: git fetch --unshallow`);
  const id = stdout.trim();
  const folder = join(repository, '.build/compatibility', id.slice(0, 12));
  if (!existsSync(join(folder, '.git'))) {
    mkdirSync(dirname(folder), { recursive: true });
    rmSync(folder, { recursive: true, force: true });
    must(git(repository, ['clone', '--quiet', '--shared', '--no-checkout', repository, folder]), 'cloning');
  }
  must(git(folder, ['checkout', '--quiet', '--force', '--detach', id]), 'checking out');
  // Its own script: it installs and builds what that version needs.
  const build = spawnSync('node', ['scripts/setup.mjs'], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  must(build, 'building');
  return folder;
}

type Done = { status: number | null; stdout: string; stderr: string | null };

function git(directory: string, parameters: readonly string[]): Done {
  return spawnSync('git', ['-C', directory, ...parameters], { encoding: 'utf8' });
}

function must({ status, stdout, stderr }: Done, what: string): void {
  if (status !== 0) throw new Error(`${what} that version failed: ${stderr ?? ''}${stdout}`.trim());
}
