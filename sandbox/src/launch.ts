// Starts a Node process behind a wall, with a channel to it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { sep } from 'node:path';
import type { Writable } from 'node:stream';
import { descend } from './leaf.js';
import { type Command, findProgram } from './modes/mode.js';
import { nodeFiles } from './shown/node-files.js';
import { shownOf } from './shown/shown.js';
import type { Wall } from './standing-wall.js';

export type Program = {
  /** Absolute path of its first module. */
  script: string;
  args?: readonly string[];
  nodeFlags?: readonly string[];
  /** All that it may read: files, and folders, which end with a separator. */
  reads: readonly string[];
  /** Bound of the memory group, where there is one. */
  memoryBytes?: number;
  standardOutput?: 'ignore' | 'pipe';
  /** It may be stopped, and then does not notice that its parent has gone: where the system can, it ends with it all the same. */
  mayBeStopped?: boolean;
};

export class Confined {
  /** What was started; the process itself may be a child of it. Its standard error is piped and must be read. */
  readonly child: ChildProcess;
  /** Whether the kernel has ended it for the memory that it took; known once it is gone. */
  isOverMemory = false;
  readonly #depth: number;
  #pid: number | undefined;

  constructor(child: ChildProcess, depth: number) {
    this.child = child;
    this.#depth = depth;
  }

  /** Of the process itself; undefined while its walls are being built, and when it could not be started. */
  get pid(): number | undefined {
    this.#pid ??= descend(this.child.pid, this.#depth);
    return this.#pid;
  }

  /** Whether it is gone, with all that was started for it. */
  get isGone(): boolean {
    const { exitCode, signalCode, pid } = this.child;
    return exitCode !== null || signalCode !== null || pid === undefined;
  }

  /** Resolves when the process is gone. */
  async kill(): Promise<void> {
    if (this.isGone) return;
    const exited = once(this.child, 'exit');
    this.end();
    await exited;
  }

  /** The same without waiting. What stands around the process ends with it. */
  end(): void {
    const { pid } = this;
    if (this.isGone) return;
    if (pid === undefined || pid === this.child.pid) this.child.kill('SIGKILL');
    else killProcess(pid);
  }
}

/** Never throws for what the system refuses: the child then has an `error` event, or ends at once. */
export function launch(program: Program, wall: Wall): Confined {
  const { script, args = [], nodeFlags = [], reads, standardOutput = 'ignore', mayBeStopped = false } = program;
  return start(wall, {
    nodeArgs: [...permissionFlags(reads), ...nodeFlags, script, ...args],
    reads,
    standardOutput,
    memoryBytes: program.memoryBytes,
    mayBeStopped,
  });
}

export type Start = {
  nodeArgs: readonly string[];
  reads: readonly string[];
  standardOutput: 'ignore' | 'pipe';
  memoryBytes: number | undefined;
  mayBeStopped?: boolean;
};

/** The same without Node's own permission model. */
export function start(wall: Omit<Wall, 'report'>, options: Start): Confined {
  const { nodeArgs, reads, standardOutput, memoryBytes, mayBeStopped = false } = options;
  const { file, args, depth, feed } = commandOf(wall, { nodeArgs, reads });
  const group = memoryBytes === undefined ? null : (wall.groups?.make(memoryBytes) ?? null);
  const lifeline = mayBeStopped && depth === 0 ? endsWithParent() : [];
  const [first = file, ...rest] = [...(group?.prefix ?? []), ...lifeline, file, ...args];
  const child = spawn(first, rest, {
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', standardOutput, 'pipe', 'ipc', ...(feed ? (['pipe'] as const) : [])],
  });
  const confined = new Confined(child, depth);
  if (group)
    child.once('exit', () => {
      confined.isOverMemory = group.hasKilled();
      group.remove();
    });
  if (feed) feedTo(child, feed);
  return confined;
}

function commandOf(wall: Pick<Wall, 'enter'>, { nodeArgs, reads }: Pick<Start, 'nodeArgs' | 'reads'>): Command {
  if (!wall.enter) return { file: process.execPath, args: [...nodeArgs], depth: 0, feed: null };
  const node = nodeFiles();
  return wall.enter({ nodeArgs, node, shown: shownOf([...node.paths, ...reads]) });
}

/** Put before a command line: the kernel ends what runs there when its parent is gone. Walls with processes of their own do so by themselves. */
function endsWithParent(): string[] {
  const setpriv = process.platform === 'linux' ? findProgram('setpriv', process.env.PATH ?? '') : null;
  return setpriv === null ? [] : [setpriv, '--pdeathsig', 'KILL'];
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has just ended by itself
  }
}

function feedTo(child: ChildProcess, bytes: Buffer): void {
  const pipe = child.stdio[4] as Writable | null | undefined;
  // The reader may be gone; its end is told by the child.
  pipe?.on('error', () => {});
  pipe?.end(bytes);
}

/** Node's permission model: only what is listed can be read, no file be written, no process be started. Unknown before Node 22.13. */
function permissionFlags(reads: readonly string[]): string[] {
  if (!process.allowedNodeEnvironmentFlags.has('--permission')) return [];
  const allowed = reads.map((path) => `--allow-fs-read=${path.endsWith(sep) ? `${path}*` : path}`);
  return ['--permission', ...allowed, '--allow-worker'];
}
