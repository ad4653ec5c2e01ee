// Fetches the source of a Debian package with apt itself: from the archives that this machine is set up for, checked against their signed
// index, in a folder of its own, without any change to the machine.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type DebianSource = { folder: string; version: string };

/** The unpacked source, or why there is none. */
export function debianSource(name: string, work: string): DebianSource | string {
  if (spawnSync('apt-get', ['--version']).status !== 0) return 'no apt on this machine';
  try {
    const options = privateApt(work);
    apt([...options, 'update'], work);
    apt([...options, 'source', '--download-only', name], work);
    return unpack(work);
  } catch (error) {
    return `the source could not be fetched (${error instanceof Error ? error.message.split('\n')[0] : error})`;
  }
}

/** Options that keep lists, cache and sources of apt in the folder. */
function privateApt(work: string): string[] {
  const [lists, cache] = [join(work, 'lists'), join(work, 'cache')];
  mkdirSync(join(lists, 'partial'), { recursive: true });
  mkdirSync(join(cache, 'archives', 'partial'), { recursive: true });
  const sources = join(work, 'sources.list');
  writeFileSync(sources, sourceArchives());
  return [
    `Dir::Etc::sourcelist=${sources}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::lists=${lists}`,
    `Dir::Cache=${cache}`,
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
}

/** The archives of programs that apt knows, asked for sources instead. */
function sourceArchives(): string {
  const format = 'deb-src $(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)';
  const lines = execFileSync('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'], {
    encoding: 'utf8',
  });
  const archives = lines.split('\n').filter((line) => / main Debian$/.test(line));
  if (archives.length === 0) throw new Error('apt knows no archive of Debian; run apt-get update first');
  return [...new Set(archives.map((line) => line.replace(/ Debian$/, '\n')))].join('');
}

function apt(parameters: readonly string[], work: string): void {
  execFileSync('apt-get', ['-qq', ...parameters], { cwd: work, stdio: ['ignore', 'ignore', 'pipe'] });
}

function unpack(work: string): DebianSource {
  const files = readdirSync(work);
  const archive =
    files.find((file) => /\.orig\.tar\.\w+$/.test(file)) ?? files.find((file) => /\.tar\.\w+$/.test(file));
  const description = files.find((file) => file.endsWith('.dsc'));
  if (archive === undefined || description === undefined) throw new Error('no source archive came');
  const folder = join(work, 'source');
  mkdirSync(folder);
  execFileSync('tar', ['-xf', join(work, archive), '-C', folder, '--strip-components=1']);
  return { folder, version: description.replace(/\.dsc$/, '') };
}
