// Watches the memory of a confined process as a whole: its heap is capped, what lies outside of it is not.
import { readFile } from 'node:fs/promises';
import type { Confined } from './launch.js';

const INTERVAL_MS = 1000;
const PAGE_BYTES = 4096;

/** Gives the resident memory of the process every second. Only where /proc tells it; returns the way to stop. */
export function watchMemory(confined: Confined, onResident: (bytes: number) => void): () => void {
  if (process.platform !== 'linux') return () => {};
  const timer = setInterval(() => {
    const { pid } = confined;
    if (pid !== undefined) void residentBytesOf(pid).then(onResident);
  }, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Resident memory of a process, 0 when it is gone. */
async function residentBytesOf(pid: number): Promise<number> {
  try {
    const pages = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1];
    return Number(pages) * PAGE_BYTES;
  } catch {
    return 0;
  }
}
