// A real control group of Linux with limits, of either version: what a container is to a worker.
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@manyhands/testing';

const PERIOD_US = 100_000;

export type ControlGroup = {
  /** Writing a process id to these puts the process into the group. */
  entries: string[];
  /** Resolves once no process is in it, and it is gone. */
  remove(): Promise<void>;
};

/** Throws where this cannot be done: other systems, no root, no such controllers. */
export function makeControlGroup(name: string, limits: { memoryBytes: number; cores: number }): ControlGroup {
  const folders: string[] = [];
  const make = (at: string, files: Record<string, string | number>): void => {
    const folder = join(at, name);
    mkdirSync(folder);
    folders.push(folder);
    for (const [file, value] of Object.entries(files)) writeFileSync(join(folder, file), String(value));
  };
  const quotaUs = limits.cores * PERIOD_US;
  const remove = async (): Promise<void> => {
    for (const folder of folders) {
      const inside = (): string => readFileSync(join(folder, 'cgroup.procs'), 'utf8');
      await until(`the end of the processes in ${folder}`, () => inside() === '');
      await until(`the removal of ${folder}`, () => isRemoved(folder));
    }
  };
  try {
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
    const version1 = (controller: string): string | undefined =>
      mounts.find((line) => new RegExp(` - cgroup \\S+ (\\S+,)?${controller}(,|$)`).test(line))?.split(' ')[4];
    const [memory, cpu] = [version1('memory'), version1('cpu')];
    if (memory && cpu) {
      make(memory, { 'memory.limit_in_bytes': limits.memoryBytes });
      make(cpu, { 'cpu.cfs_period_us': PERIOD_US, 'cpu.cfs_quota_us': quotaUs });
    } else make('/sys/fs/cgroup', { 'memory.max': limits.memoryBytes, 'cpu.max': `${quotaUs} ${PERIOD_US}` });
  } catch (error) {
    for (const folder of folders) rmdirSync(folder);
    throw error;
  }
  return { entries: folders.map((folder) => join(folder, 'cgroup.procs')), remove };
}

/** The kernel lets go of the last process a moment after it has left. */
function isRemoved(folder: string): boolean {
  try {
    // What a worker that was killed had made for its programs.
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) rmdirSync(join(folder, entry.name));
    rmdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EBUSY') return false;
    throw error;
  }
}
