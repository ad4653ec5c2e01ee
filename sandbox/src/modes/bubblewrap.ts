// Behind bubblewrap: new namespaces, an empty file system with what is shown, no capabilities, our filter of system calls.
import { assembleFilter, encodeFilter } from '../seccomp/filter.js';
import { CHANNEL_FD, type Command, type Inside, libraryEnvironment } from './mode.js';

const FILTER_FD = CHANNEL_FD + 1;
/** bubblewrap watches, and runs a small first process of the namespace, which starts ours. */
const DEPTH = 2;

export function bubblewrapCommand({ nodeArgs, node, shown }: Inside, bwrap: string): Command {
  // The process sees other numbers of processes than we do, and only its own.
  const filter = assembleFilter({ arch: process.arch, ownPid: null });
  if (!filter) throw new Error(`no filter of system calls is known for ${process.arch}`);
  const env = Object.entries(libraryEnvironment(node));
  const args = [
    ...['--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ...[...shown.folders, ...shown.files].flatMap((path) => ['--ro-bind', path, path]),
    ...shown.links.flatMap(({ path, target }) => ['--symlink', target, path]),
    ...['--remount-ro', '/', '--chdir', '/'],
    ...env.flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--seccomp', String(FILTER_FD), '--', process.execPath, ...nodeArgs],
  ];
  return { file: bwrap, args, depth: DEPTH, feed: encodeFilter(filter) };
}
