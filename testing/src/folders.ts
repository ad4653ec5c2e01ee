// Folders that are gone when the test is over, or the file of tests when they were made outside of a test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd, type Lifetime } from './lifetime.js';

/** An empty folder of its own, removed with all in it. The run fails when something is left in the temporary folder. */
export function temporaryFolderSync(name = 'test', lifetime?: Lifetime): string {
  const folder = mkdtempSync(join(tmpdir(), `manyhands-${name}-`));
  atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }), lifetime);
  return folder;
}

/** As `temporaryFolderSync`, for callers that await. */
export async function temporaryFolder(name?: string, lifetime?: Lifetime): Promise<string> {
  return temporaryFolderSync(name, lifetime);
}
