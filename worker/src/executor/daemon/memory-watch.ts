// Watches the executor process as a whole: linear memories are capped one by one, files and outputs of units are not.
import { readFile } from 'node:fs/promises';

const INTERVAL_MS = 1000;
const PAGE_BYTES = 4096;
/** Gives the resident memory of a process every second. Only where /proc tells it; returns the way to stop. */
export function watchMemory(pid: number | undefined, onResident: (bytes: number) => void): () => void {
  if (pid === undefined || process.platform !== 'linux') return () => {};
  const timer = setInterval(() => void residentBytesOf(pid).then(onResident), INTERVAL_MS);
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
