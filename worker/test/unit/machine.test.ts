// What control groups leave, read from the files of both versions as machines and containers show them.
import { expect, test } from 'vitest';
import { cgroupLimits } from '../../src/config/cgroups.js';
import { resolveOptions } from '../../src/config/options.js';

const GIBIBYTE = 1024 ** 3;
const NONE = { memoryBytes: Number.POSITIVE_INFINITY, cores: Number.POSITIVE_INFINITY };
const limitsIn = (files: Record<string, string>) => cgroupLimits((path) => files[path]);

const VERSION_2 = {
  '/proc/self/cgroup': '0::/user.slice/unit.service\n',
  '/proc/self/mountinfo': '30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n',
};
const VERSION_1 = {
  '/proc/self/cgroup': '4:memory:/docker/abc\n2:cpu,cpuacct:/docker/abc\n0::/\n',
  '/proc/self/mountinfo': [
    '33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct',
    '35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
    '41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw',
  ].join('\n'),
};

test('no groups, no limits, a group without limits', () => {
  expect(limitsIn({})).toEqual(NONE);
  expect(limitsIn(VERSION_2)).toEqual(NONE);
  const unit = '/sys/fs/cgroup/user.slice/unit.service';
  expect(limitsIn({ ...VERSION_2, [`${unit}/memory.max`]: 'max\n', [`${unit}/cpu.max`]: 'max 100000\n' })).toEqual(
    NONE,
  );
  const memory = '/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes';
  const quota = '/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us';
  expect(limitsIn({ ...VERSION_1, [memory]: '9223372036854775808', [quota]: '-1' })).toEqual({
    ...NONE,
    memoryBytes: 2 ** 63,
  });
});

test('version 2: the tightest of the group and those above it', () => {
  const slice = '/sys/fs/cgroup/user.slice';
  const files = {
    ...VERSION_2,
    [`${slice}/memory.max`]: String(GIBIBYTE),
    [`${slice}/unit.service/memory.max`]: String(2 * GIBIBYTE),
    [`${slice}/cpu.max`]: '800000 100000\n',
    [`${slice}/unit.service/cpu.max`]: '150000 100000\n',
  };
  expect(limitsIn(files)).toEqual({ memoryBytes: GIBIBYTE, cores: 1.5 });
});

test('version 1: memory and quota in hierarchies of their own', () => {
  const files = {
    ...VERSION_1,
    '/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes': String(GIBIBYTE),
    '/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us': '50000',
    '/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us': '25000',
  };
  expect(limitsIn(files)).toEqual({ memoryBytes: GIBIBYTE, cores: 2 });
});

test('a container whose group is mounted as the root, under the path that the machine sees', () => {
  const files = {
    '/proc/self/cgroup': '4:memory:/docker/abc\n',
    '/proc/self/mountinfo': '35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n',
    '/sys/fs/cgroup/memory/memory.limit_in_bytes': String(GIBIBYTE),
  };
  expect(limitsIn(files).memoryBytes).toBe(GIBIBYTE);
});

test('the defaults are half of what there is; what was asked for beyond it is lowered and said', () => {
  const given = { coordinatorUrl: 'http://127.0.0.1:8420', dataDirectory: '/x' };
  const machine = { cores: 4, memoryBytes: GIBIBYTE };
  expect(resolveOptions(given, machine)).toMatchObject({ cpus: 2, memoryBytes: GIBIBYTE / 2, lowered: [] });
  expect(resolveOptions({ ...given, cpus: 16, memoryBytes: 2 * GIBIBYTE }, machine)).toMatchObject({
    ...{ cpus: 4, memoryBytes: GIBIBYTE },
    lowered: ['16 cores to 4', '2147483648 bytes of memory to 1073741824'],
  });
});
