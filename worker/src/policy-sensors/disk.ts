// Whether there is room for more results: within the volunteer's limit, and on the disk itself.
import { statfs } from 'node:fs/promises';

/** Room that is always left to the owner of the machine. */
const DISK_RESERVE_BYTES = 256 * 1024 * 1024;

export type DiskUse = { directory: string; bundleBytes: number; bundlesMaximumBytes: number };

/** True: take no new work until results have been handed over or somebody has made room. */
export async function isDiskShort({ directory, bundleBytes, bundlesMaximumBytes }: DiskUse): Promise<boolean> {
  if (bundleBytes >= bundlesMaximumBytes) return true;
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize < DISK_RESERVE_BYTES;
  } catch {
    return false;
  }
}
