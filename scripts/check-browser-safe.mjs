// Bundles each browser-safe package for a browser and fails when anything of Node is left in it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

const PACKAGES = ['work-units/contract', 'work-units/runtime', 'overlay/core', 'worker/core'];
/** What Vite puts in place of a module of Node, and an import of one. */
const NODE_TRACES = [/__vite-browser-external/, /["']node:[a-z]/];

/** The bundle of a package's entry as a browser would load it. */
async function bundle(directory) {
  const outDir = mkdtempSync(join(tmpdir(), 'manyhands-bundle-'));
  try {
    await build({
      configFile: false,
      logLevel: 'silent',
      resolve: { conditions: ['manyhands-source', 'module', 'browser'] },
      build: {
        outDir,
        minify: false,
        lib: { entry: `${directory}/src/index.ts`, formats: ['es'], fileName: 'bundle' },
      },
    });
    return readFileSync(join(outDir, 'bundle.js'), 'utf8');
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

let isGreen = true;
for (const directory of PACKAGES) {
  const code = await bundle(directory);
  const traces = NODE_TRACES.flatMap((trace) => code.match(trace)?.[0] ?? []);
  // An entry without code would pass every search.
  const fault = code.length < 200 ? 'the bundle is empty' : traces.join(', ');
  if (fault) isGreen = false;
  console.log(`${fault ? 'FAIL' : 'ok  '} ${directory}: ${(code.length / 1024).toFixed(0)} KiB ${fault}`);
}
process.exit(isGreen ? 0 : 1);
