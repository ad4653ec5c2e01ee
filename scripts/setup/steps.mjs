// What is built from what. No step needs what another one makes, so that they run side by side; those that take longest come first.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { bundledPackages } from './entries.mjs';
import { at } from './places.mjs';

const workspaces = JSON.parse(readFileSync(at('package.json'), 'utf8')).workspaces;

/** A compiler never deletes the output of a deleted source: do it, or a stale module keeps on working here and nowhere else. */
function removeOrphans() {
  const bundled = new Set(bundledPackages().map(({ folder }) => folder));
  for (const workspace of workspaces) {
    // Of a bundled package the compiler writes the types alone.
    const output = bundled.has(workspace) ? /^(?!site)(.*?)\.d\.ts(?:\.map)?$/ : /^(.*?)\.(?:d\.ts|js)(?:\.map)?$/;
    if (!existsSync(at(workspace, 'dist'))) continue;
    for (const path of readdirSync(at(workspace, 'dist'), { recursive: true })) {
      const source = String(path).match(output)?.[1];
      if (
        source === undefined ||
        [`${source}.ts`, `${source}.tsx`].some((file) => existsSync(at(workspace, 'src', file)))
      )
        continue;
      rmSync(at(workspace, 'dist', String(path)));
    }
  }
}

const COMPILE = {
  label: 'compiling types',
  inputs: [...workspaces],
  outputs: workspaces
    .filter((name) => existsSync(at(name, 'tsconfig.json')))
    .map((name) => `${name}/dist/.tsbuildinfo`),
  command: 'tsc',
  args: ['-b'],
  cwd: '.',
  before: removeOrphans,
};
const BUNDLE = {
  label: 'bundling',
  inputs: [...workspaces, 'scripts/setup'],
  outputs: bundledPackages().flatMap(({ folder, bundles }) =>
    bundles.flatMap(({ entries }) => entries.map((entry) => `${folder}/dist/${entry}.js`)),
  ),
  command: 'node',
  args: ['scripts/setup/bundle.mjs'],
  cwd: '.',
};
/** The modules of the example units: one for each configuration file of the compiler. */
const MODULES = readdirSync(at('work-units/units')).flatMap((unit) =>
  readdirSync(at('work-units/units', unit))
    .filter((file) => /^asconfig(\..+)?\.json$/.test(file))
    .map((file) => {
      const { targets } = JSON.parse(readFileSync(at('work-units/units', unit, file), 'utf8'));
      const output = targets.release.outFile;
      return {
        label: output.slice(output.lastIndexOf('/') + 1),
        inputs: [`work-units/units/${unit}`, 'work-units/units/shared'],
        outputs: [`work-units/units/${unit}/${output}`],
        command: 'asc',
        args: ['--config', file, '--target', 'release'],
        cwd: `work-units/units/${unit}`,
      };
    }),
);
const PAGES = {
  label: 'the pages',
  inputs: ['web', 'work-units/contract'],
  outputs: ['coordinator/dist/site/index.html'],
  command: 'vite',
  args: ['build', '--logLevel=warn'],
  cwd: 'web',
};

export const STEPS = {
  all: [COMPILE, BUNDLE, ...MODULES, PAGES],
  /** Its types unchecked: the compiler checks them when all is built. */
  demo: [BUNDLE, PAGES, ...MODULES.filter(({ label }) => label === 'prophage.wasm')],
  /** What is installed is enough. */
  nothing: [],
};
