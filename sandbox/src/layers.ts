// The walls of the operating system, by name, and what is said about them.

/** How the process is started; `none`: only V8 and Node stand in the way. */
export type WallKind = 'bubblewrap' | 'namespaces' | 'landlock' | 'none';

/**
 * `namespaces`: user, mount, PID, IPC and network namespaces of its own, with a file system that shows only what it imports, read-only. `landlock`: the
 * same files by the kernel’s Landlock, where namespaces are refused. `seccomp`: only the system calls that it needs. `privileges`: none, and none to be
 * gained. `memory group`: a memory cgroup of its own.
 */
export const LAYERS = ['namespaces', 'landlock', 'seccomp', 'privileges', 'memory group'] as const;
export type Layer = (typeof LAYERS)[number];

/** Whether a wall must stand (`required`), stands as far as it can (`best`), or is left out (`off`). */
export const SANDBOX_POLICIES = ['required', 'best', 'off'] as const;
export type SandboxPolicy = (typeof SANDBOX_POLICIES)[number];

export type MissingLayer = { layer: Layer; reason: string };
export type WallReport = { kind: WallKind; standing: Layer[]; missing: MissingLayer[] };

/** One sentence for people. */
export function describeWall({ standing, missing }: WallReport): string {
  if (standing.length === 0)
    return `Sandbox: only V8 and Node stand between programs and this computer (${missing[0]?.reason ?? 'no walls'}).`;
  const without = missing.length === 0 ? '' : `; without ${missing.map(({ layer }) => layer).join(', ')}`;
  return `Sandbox: ${standing.join(', ')}${without}.`;
}
