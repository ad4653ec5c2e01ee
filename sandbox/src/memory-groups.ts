// Memory cgroups of our own, where the system lets us make some: the kernel then ends a process that takes too much, before anybody looks.
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

type MemoryGroup = {
  /** Put before a command line, starts it inside the group. */
  prefix: string[];
  /** Whether the kernel has ended a process for what it took. */
  hasKilled(): boolean;
  /** When its processes are gone. */
  remove(): void;
};
export type MemoryGroups = {
  /** Null when the system does not let us after all: the process runs without. */
  make(memoryBytes: number): MemoryGroup | null;
};

type Place = { folder: string; limitFile: string; eventsFile: string };
type Reason = { reason: string };

const SHELL = '/bin/sh';
/** The shell moves itself, and what it becomes stays there. */
const MOVE = 'echo $$ >"$0" && exec "$@"';
/** What is left of a group when its process ends goes a moment later. */
const RETRY_MS = 1000;
let count = 0;

/** `root`: where the groups are mounted; `own`: the kernel’s text of which groups this process is in. */
export function findMemoryGroups(
  { root, own }: { root: string; own: string } = { root: '/sys/fs/cgroup', own: ownGroups() },
): MemoryGroups | Reason {
  const place = placeIn(root, own);
  if ('reason' in place) return place;
  sweep(place.folder);
  return { make: (memoryBytes) => makeGroup(place, memoryBytes) };
}

function ownGroups(): string {
  try {
    return readFileSync('/proc/self/cgroup', 'utf8');
  } catch {
    return '';
  }
}

/** Version 1 has a tree for memory, version 2 one tree for all (`0::`). */
function placeIn(root: string, own: string): Place | Reason {
  const lines = own.split('\n').map((line) => line.split(':'));
  const first = lines.find(([, controllers]) => controllers?.split(',').includes('memory'));
  if (first)
    return writable({
      folder: join(root, 'memory', first[2] ?? ''),
      limitFile: 'memory.limit_in_bytes',
      eventsFile: 'memory.oom_control',
    });
  const second = lines.find(([hierarchy]) => hierarchy === '0');
  if (!second) return { reason: 'the kernel has no memory cgroups' };
  const place = writable({ folder: join(root, second[2] ?? ''), limitFile: 'memory.max', eventsFile: 'memory.events' });
  if ('reason' in place) return place;
  const controllers = readFileSync(join(place.folder, 'cgroup.subtree_control'), 'utf8').trim().split(' ');
  return controllers.includes('memory') ? place : delegate(place);
}

/** Groups below ours get a limit of memory only once no process is left in ours: it moves one down. */
function delegate(place: Place): Place | Reason {
  const { folder } = place;
  const worker = join(folder, 'manyhands');
  try {
    mkdirSync(worker, { recursive: true });
    writeFileSync(join(worker, 'cgroup.procs'), String(process.pid));
    writeFileSync(join(folder, 'cgroup.subtree_control'), '+memory');
    return place;
  } catch (error) {
    return { reason: `its cgroup is shared with others (${(error as NodeJS.ErrnoException).code})` };
  }
}

function writable(place: Place): Place | Reason {
  try {
    accessSync(place.folder, constants.W_OK);
    return place;
  } catch {
    return { reason: 'the system has not left its cgroup to it (Delegate=memory of a systemd unit does)' };
  }
}

function makeGroup({ folder, limitFile, eventsFile }: Place, memoryBytes: number): MemoryGroup | null {
  const group = join(folder, `manyhands-${process.pid}-${count++}`);
  try {
    mkdirSync(group);
    writeFileSync(join(group, limitFile), String(memoryBytes));
  } catch {
    return null;
  }
  const hasKilled = (): boolean => {
    try {
      return /^oom_kill [1-9]/m.test(readFileSync(join(group, eventsFile), 'utf8'));
    } catch {
      return false;
    }
  };
  const remove = (): void => {
    if (!tryRemove(group)) setTimeout(remove, RETRY_MS).unref();
  };
  return { prefix: [SHELL, '-c', MOVE, join(group, 'cgroup.procs')], hasKilled, remove };
}

/** Groups that processes left which are no more. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const maker = /^manyhands-(\d+)-\d+$/.exec(name)?.[1];
    if (maker !== undefined && !existsSync(`/proc/${maker}`)) tryRemove(join(folder, name));
  }
}

/** False while there is a process in it. */
function tryRemove(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch {
    return !existsSync(group);
  }
}
