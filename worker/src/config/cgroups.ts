// What control groups of Linux leave to this process, of both versions: the tightest limit of its group and of those above it, as far as they can be seen.

export type CgroupLimits = { memoryBytes: number; cores: number };

type Controller = 'memory' | 'cpu';
/** Where the group of a controller is mounted: its own folder, and the top of what can be seen. */
type Place = { folder: string; top: string; version: 1 | 2 };

/** A file's text; undefined when it cannot be read. */
export type ReadText = (path: string) => string | undefined;

/** Infinity: no limit. */
export function cgroupLimits(read: ReadText): CgroupLimits {
  const groups = read('/proc/self/cgroup') ?? '';
  const mounts = read('/proc/self/mountinfo') ?? '';
  const limit = (controller: Controller, of: (folder: string, version: 1 | 2) => number): number => {
    const limits = placesOf(controller, { groups, mounts }).flatMap((place) =>
      foldersUp(place).map((folder) => of(folder, place.version)),
    );
    return Math.min(Number.POSITIVE_INFINITY, ...limits);
  };
  return {
    memoryBytes: limit('memory', (folder, version) =>
      numberIn(read(`${folder}/${version === 2 ? 'memory.max' : 'memory.limit_in_bytes'}`)),
    ),
    cores: limit('cpu', (folder, version) => (version === 2 ? quotaOf2(folder, read) : quotaOf1(folder, read))),
  };
}

function numberIn(text: string | undefined): number {
  const value = Number.parseInt(text ?? '', 10); // "max" is no number, and no limit
  return value > 0 ? value : Number.POSITIVE_INFINITY; // -1 is none either
}

function quotaOf2(folder: string, read: ReadText): number {
  const [quota, period] = (read(`${folder}/cpu.max`) ?? '').split(' ');
  return numberIn(quota) / numberIn(period ?? '100000');
}

function quotaOf1(folder: string, read: ReadText): number {
  const quota = numberIn(read(`${folder}/cpu.cfs_quota_us`));
  return quota === Number.POSITIVE_INFINITY ? quota : quota / numberIn(read(`${folder}/cpu.cfs_period_us`));
}

/** The group that counts for a controller: of version 1 where that controller is mounted, and of version 2. */
function placesOf(controller: Controller, { groups, mounts }: { groups: string; mounts: string }): Place[] {
  const places: Place[] = [];
  for (const line of groups.split('\n')) {
    const [, number, controllers = '', path = ''] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    const isVersion2 = number === '0' && controllers === '';
    if (!isVersion2 && !controllers.split(',').includes(controller)) continue;
    const mount = mountOf(mounts, isVersion2 ? null : controller);
    if (!mount) continue;
    // A container sees its group as the root of the mount, though the path may be the one that the machine sees.
    const below = path.startsWith(mount.root === '/' ? '/' : `${mount.root}/`) ? path.slice(mount.root.length) : '';
    const folder = `${mount.point}/${below}`.replace(/\/+/g, '/').replace(/\/$/, '');
    places.push({ folder, top: mount.point, version: isVersion2 ? 2 : 1 });
  }
  return places;
}

/** `36 35 98:0 /root /mount/point opts ... - type source super,options`; null: of version 2. */
function mountOf(mounts: string, controller: Controller | null): { root: string; point: string } | undefined {
  for (const line of mounts.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [type, , options = ''] = after.split(' ');
    const [, , , root = '', point = ''] = before.split(' ');
    const isIt =
      controller === null ? type === 'cgroup2' : type === 'cgroup' && options.split(',').includes(controller);
    if (isIt) return { root, point };
  }
  return undefined;
}

function foldersUp({ folder, top }: Place): string[] {
  const folders: string[] = [];
  for (let at = folder; at.startsWith(top); at = at.slice(0, at.lastIndexOf('/'))) folders.push(at);
  return folders;
}
