// What the tests that start processes start: the build of this clone. With MANYHANDS_UNDER_TEST, that of another clone: `npm run lab:earlier` lets the tests
// look at an earlier version, in which they should find the faults that were mended since.
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const CLONE = fileURLToPath(new URL('../..', import.meta.url));

/** The root of the clone whose build is tested. */
export const UNDER_TEST = resolve(process.env.MANYHANDS_UNDER_TEST ?? CLONE);
/** The script that starts `manyhands`. */
export const LAUNCHER = join(UNDER_TEST, 'cli/bin/manyhands.js');

/** The address of a built file in it, for `import`; `file`: its path from the root. */
export function builtFile(file: string): string {
  return pathToFileURL(join(UNDER_TEST, file)).href;
}
