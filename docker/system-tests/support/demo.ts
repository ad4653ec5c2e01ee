// What every run of the demo must come to.
import { readdir, readFile } from 'node:fs/promises';

const EXPECTED = new URL('../../../work-units/units/prophage/vectors/default-region.json', import.meta.url);
/** The stretches that it must find. */
export const expectedHits = async (): Promise<unknown> => JSON.parse(await readFile(EXPECTED, 'utf8'));

/** Processes whose command lines mention the text: every child of the demo has its data in a folder of its own. */
export async function processesWith(text: string): Promise<{ pid: number; line: string }[]> {
  const found: { pid: number; line: string }[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(text) && Number(pid) !== process.pid) found.push({ pid: Number(pid), line });
  }
  return found;
}
