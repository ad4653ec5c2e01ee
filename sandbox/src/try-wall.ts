// Tries a wall: a process of ours goes behind it, and must neither fail there nor get out.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { start } from './launch.js';
import type { ProbeReport } from './probe.js';
import type { Enter } from './standing-wall.js';

/** A process of Node starts within a tenth of a second; a busy machine may take many times as long. */
const PATIENCE_MS = 60_000;
const REASON_MAXIMUM_CHARACTERS = 160;
const reportSchema = z.object({ open: z.array(z.string()) });

/** Null when it stands, otherwise what is wrong with it. */
export async function tryWall(enter: Enter): Promise<string | null> {
  const script = fileURLToPath(new URL('./probe.js', import.meta.url));
  const manifest = join(dirname(dirname(script)), 'package.json');
  let confined: ReturnType<typeof start>;
  try {
    // A file beside the script is there, and not shown.
    const nodeArgs = [script, fileURLToPath(new URL('./enter/enter.js', import.meta.url))];
    const seen = { reads: [manifest, script], standardOutput: 'ignore', memoryBytes: undefined } as const;
    confined = start({ enter, groups: null }, { nodeArgs, ...seen });
  } catch (error) {
    return shorten((error as Error).message);
  }
  const { child } = confined;
  let errors = '';
  child.stderr?.on('data', (part: Buffer) => {
    errors += part.toString();
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string | null>((resolve) => {
      timer = setTimeout(() => resolve('it did not start in time'), PATIENCE_MS);
      child.once('message', (message) => resolve(verdictOf(message)));
      child.once('error', (error) => resolve(shorten(error.message)));
      child.once('close', (code, signal) => resolve(shorten(lastLineOf(errors) ?? `it ended with ${signal ?? code}`)));
    });
  } finally {
    clearTimeout(timer);
    confined.end();
  }
}

function verdictOf(message: unknown): string | null {
  const report: { data?: ProbeReport } = reportSchema.safeParse(message);
  if (!report.data) return 'it said something else than expected';
  return report.data.open.length === 0 ? null : `it left open: ${report.data.open.join(', ')}`;
}

/** What a program says last is why it ended; of an error of Node the line that names it. */
function lastLineOf(text: string): string | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /^\w*Error: /.test(line)) ?? lines.at(-1);
}

function shorten(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, REASON_MAXIMUM_CHARACTERS);
}
