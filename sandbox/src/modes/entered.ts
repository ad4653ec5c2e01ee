// Behind walls that our own launcher builds: in namespaces that util-linux makes, or by Landlock where namespaces are refused.
import { fileURLToPath } from 'node:url';
import { CHANNEL_FD, type Command, type Inside, libraryEnvironment } from './mode.js';
import type { EntryPlan } from './plan.js';

export type EnterTools = { env: string; unshare: string; setpriv: string };

const NAMESPACES = ['--user', '--map-root-user', '--mount', '--pid', '--net', '--ipc', '--uts', '--cgroup'];

/** The one process in between is `unshare`, which waits. It ends with us, and ours with it. */
export function namespacesCommand(inside: Inside, { env, unshare, setpriv }: EnterTools): Command {
  const enter = enterWords(inside, { env, walls: 'namespaces' });
  const args = ['--pdeathsig', 'KILL', unshare, ...NAMESPACES, '--fork', '--kill-child=KILL', ...enter];
  return { file: setpriv, args, depth: 1, feed: null };
}

export function landlockCommand(inside: Inside, { env }: Pick<EnterTools, 'env'>): Command {
  const [file = env, ...args] = enterWords(inside, { env, walls: 'landlock' });
  return { file, args, depth: 0, feed: null };
}

/** The launcher gets no environment, or its own Node would take the channel that is meant for the process it becomes. */
function enterWords(
  { nodeArgs, node, shown }: Inside,
  { env, walls }: { env: string; walls: EntryPlan['walls'] },
): string[] {
  const plan: EntryPlan = {
    ...{ walls, shown, executables: node.executables, program: process.execPath, args: [...nodeArgs] },
    env: {
      ...libraryEnvironment(node),
      NODE_CHANNEL_FD: String(CHANNEL_FD),
      NODE_CHANNEL_SERIALIZATION_MODE: 'advanced',
    },
  };
  const script = fileURLToPath(new URL('../enter/enter.js', import.meta.url));
  return [env, '-i', process.execPath, '--no-warnings', script, JSON.stringify(plan)];
}
