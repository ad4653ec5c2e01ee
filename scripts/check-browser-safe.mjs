// Bundles each browser-safe package for a browser and fails when anything of Node is left in it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

const ENTRIES = [
  'work-units/contract',
  'work-units/contract/src/words',
  'work-units/runtime',
  'overlay/core',
  'worker/core',
].map((path) => (path.includes('/src/') ? `${path}/index.ts` : `${path}/src/index.ts`));
/** Every page loads the words: they have no schemas in them and stay small. */
const SMALL = { entry: 'work-units/contract/src/words/index.ts', sizeMaximumBytes: 9 * 1024 };
/** What Vite puts in place of a module of Node, and an import of one. */
const NODE_TRACES = [/__vite-browser-external/, /["']node:[a-z]/];

/** The bundle of an entry as a browser would load it. */
async function bundle(entry) {
  const outDir = mkdtempSync(join(tmpdir(), 'manyhands-bundle-'));
  try {
    await build({
      configFile: false,
      logLevel: 'silent',
      resolve: { conditions: ['manyhands-source', 'module', 'browser'] },
      build: {
        outDir,
        minify: false,
        lib: { entry, formats: ['es'], fileName: 'bundle' },
      },
    });
    return readFileSync(join(outDir, 'bundle.js'), 'utf8');
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

let isGreen = true;
for (const entry of ENTRIES) {
  const code = await bundle(entry);
  const traces = NODE_TRACES.flatMap((trace) => code.match(trace)?.[0] ?? []);
  // An entry without code would pass every search.
  const isTooLarge = entry === SMALL.entry && code.length > SMALL.sizeMaximumBytes;
  const fault =
    code.length < 200 ? 'the bundle is empty' : isTooLarge ? 'larger than pages may load' : traces.join(', ');
  if (fault) isGreen = false;
  console.log(`${fault ? 'FAIL' : 'ok  '} ${entry}: ${(code.length / 1024).toFixed(0)} KiB ${fault}`);
}
process.exit(isGreen ? 0 : 1);
