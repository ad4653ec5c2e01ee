// What is built from what. No step needs what another one makes, so that they run side by side; those that take longest come first.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { at } from './places.mjs';

const workspaces = JSON.parse(readFileSync(at('package.json'), 'utf8')).workspaces;

/** A compiler never deletes the output of a deleted source: do it, or a stale module keeps on working here and nowhere else. */
function removeOrphans() {
  for (const workspace of workspaces) {
    if (!existsSync(at(workspace, 'dist'))) continue;
    for (const path of readdirSync(at(workspace, 'dist'), { recursive: true })) {
      const source = String(path).match(/^(?!site)(.*?)\.(?:d\.ts|js)(?:\.map)?$/)?.[1];
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
  label: 'compiling',
  inputs: [...workspaces],
  outputs: workspaces
    .filter((name) => existsSync(at(name, 'tsconfig.json')))
    .map((name) => `${name}/dist/.tsbuildinfo`),
  command: 'tsc',
  args: ['-b'],
  cwd: '.',
  before: removeOrphans,
};
/** What the demo runs, its types unchecked: the compiler checks them when all is built. */
const COMPILE_UNCHECKED = {
  ...COMPILE,
  label: 'compiling, unchecked',
  outputs: ['cli/dist/.tsbuildinfo', 'coordinator/dist/.tsbuildinfo'],
  args: ['-b', 'cli', 'coordinator', '--noCheck'],
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
  all: [COMPILE, ...MODULES, PAGES],
  /** `instead`: a step whose result does as well. */
  demo: [
    { ...COMPILE_UNCHECKED, instead: COMPILE },
    PAGES,
    ...MODULES.filter(({ label }) => label === 'prophage.wasm'),
  ],
};
