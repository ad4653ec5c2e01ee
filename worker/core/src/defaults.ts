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
/** The part of the disk limit that blocks may fill; the rest is for bundles that wait to be fetched. */
const BLOCK_SHARE = 0.75;

/** How the disk limit is shared out. */
export function shareDisk(diskBytes: number): { blocksBytes: number; bundlesBytes: number } {
  const blocksBytes = Math.floor(diskBytes * BLOCK_SHARE);
  return { blocksBytes, bundlesBytes: diskBytes - blocksBytes };
}
