// A result that was computed here goes into a folder of its own: among those of a batch it would look like an accepted one.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ManyhandsError } from '@manyhands/contract';
import type { Result } from '@manyhands/sdk';
import { ResultFiles } from './result-files.js';
import { RECORD_FILE, RECORD_FOLDER } from './result-record.js';

/** Returns the file of its standard output. Throws MH-GEN-009 for a folder of results, MH-BAT-011 where other files are in the way. */
export async function writeApart(
  result: Pick<Result, 'name' | 'digest' | 'stdout' | 'files'>,
  directory: string,
): Promise<string> {
  if (existsSync(join(directory, RECORD_FOLDER, RECORD_FILE)))
    throw new ManyhandsError('MH-GEN-009', {
      message: `${directory} holds the results of a batch. What is computed here does not belong among them; please choose another folder with --out.`,
      meta: { directory },
    });
  const files = new ResultFiles({ directory, collect: result.files.map(({ name }) => name) });
  if ((await files.find(result)) !== undefined) return files.fileOf(result.name);
  await files.prepare();
  return (await files.write(result)).file;
}
