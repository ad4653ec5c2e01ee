// What a volunteer lends unless told otherwise: half of the machine.

/** Half of the cores, at least one. */
export function defaultCores(availableCores: number): number {
  return Math.max(1, Math.floor(availableCores / 2));
}

/** Half of the memory. */
export function defaultMemoryBytes(totalBytes: number): number {
  return Math.floor(totalBytes / 2);
}

export const DEFAULT_DISK_BYTES = 8 * 1024 ** 3;
/** The parts of the disk limit that blocks and snapshots of begun units may fill; the rest is for bundles that wait to be fetched. */
const BLOCK_SHARE = 0.6;
const SNAPSHOT_SHARE = 0.2;

/** How the disk limit is shared out. */
export function shareDisk(diskBytes: number): { blocksBytes: number; snapshotsBytes: number; bundlesBytes: number } {
  const blocksBytes = Math.floor(diskBytes * BLOCK_SHARE);
  const snapshotsBytes = Math.floor(diskBytes * SNAPSHOT_SHARE);
  return { blocksBytes, snapshotsBytes, bundlesBytes: diskBytes - blocksBytes - snapshotsBytes };
}
