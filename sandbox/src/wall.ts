// Finds the best wall that this computer lets stand, by trying each one.
import { existsSync } from 'node:fs';
import { ManyhandsError } from '@manyhands/contract';
import { LAYERS, type Layer, type MissingLayer, type SandboxPolicy, type WallKind } from './layers.js';
import { findMemoryGroups } from './memory-groups.js';
import { bubblewrapCommand } from './modes/bubblewrap.js';
import { type EnterTools, landlockCommand, namespacesCommand } from './modes/entered.js';
import { findProgram } from './modes/mode.js';
import type { Enter, Wall } from './standing-wall.js';
import { tryWall } from './try-wall.js';

type Attempt = { kind: WallKind; enter: Enter } | { kind: WallKind; reason: string };

const STANDING: Readonly<Record<WallKind, readonly Layer[]>> = {
  bubblewrap: ['namespaces', 'seccomp', 'privileges'],
  namespaces: ['namespaces', 'seccomp', 'privileges'],
  landlock: ['landlock', 'seccomp', 'privileges'],
  none: [],
};

/**
 * The wall for this policy. `searchPath`: where programs are looked for, as in PATH. Throws MH-SBX-001 when one is required and none stands.
 */
export async function findWall(options: { policy: SandboxPolicy; searchPath?: string | undefined }): Promise<Wall> {
  const { policy, searchPath = process.env.PATH ?? '' } = options;
  if (policy === 'off') return noWall('it was switched off');
  if (process.platform !== 'linux') return noWall('only Linux has such walls');
  const reasons: string[] = [];
  for (const attempt of attempts(searchPath)) {
    const reason = 'reason' in attempt ? attempt.reason : await tryWall(attempt.enter);
    if (reason === null && 'enter' in attempt) return standingWall(attempt, reasons);
    reasons.push(`${attempt.kind}: ${reason}`);
  }
  if (policy === 'best') return noWall(reasons.join('; '));
  throw new ManyhandsError('MH-SBX-001', {
    message: `The sandbox that you require cannot stand here (${reasons.join('; ')}). Install bubblewrap, or allow it to make user namespaces; or take what there is, with --sandbox best.`,
  });
}

/** Best first. */
function* attempts(searchPath: string): Generator<Attempt> {
  if (!existsSync(`/proc/${process.pid}/task/${process.pid}/children`)) {
    // Without it nobody could tell which process is the one to watch.
    const reason = 'the kernel does not tell the children of a process';
    yield { kind: 'bubblewrap', reason };
    yield { kind: 'namespaces', reason };
  } else {
    const bwrap = findProgram('bwrap', searchPath);
    if (bwrap) yield { kind: 'bubblewrap', enter: (inside) => bubblewrapCommand(inside, bwrap) };
    else yield { kind: 'bubblewrap', reason: 'not installed' };
    yield namespacesAttempt(searchPath);
  }
  const env = findProgram('env', searchPath);
  if (env) yield { kind: 'landlock', enter: (inside) => landlockCommand(inside, { env }) };
  else yield { kind: 'landlock', reason: 'env is not installed' };
}

function namespacesAttempt(searchPath: string): Attempt {
  const names = ['env', 'unshare', 'setpriv'] as const;
  const found = names.map((name) => [name, findProgram(name, searchPath)] as const);
  const missing = found.filter(([, path]) => path === null).map(([name]) => name);
  if (missing.length > 0) return { kind: 'namespaces', reason: `${missing.join(' and ')} not installed` };
  const tools = Object.fromEntries(found) as EnterTools;
  return { kind: 'namespaces', enter: (inside) => namespacesCommand(inside, tools) };
}

function standingWall({ kind, enter }: { kind: WallKind; enter: Enter }, reasons: readonly string[]): Wall {
  const found = findMemoryGroups();
  const groups = 'reason' in found ? null : found;
  const standing = [...STANDING[kind], ...(groups ? (['memory group'] as const) : [])];
  const missing: MissingLayer[] = [];
  if (kind === 'landlock') missing.push({ layer: 'namespaces', reason: reasons.join('; ') });
  if ('reason' in found) missing.push({ layer: 'memory group', reason: found.reason });
  return { report: { kind, standing, missing }, enter, groups };
}

function noWall(reason: string): Wall {
  const missing = LAYERS.map((layer) => ({ layer, reason }));
  return { report: { kind: 'none', standing: [], missing }, enter: null, groups: null };
}
