// What the packages are bundled from: what their `exports` and `imports` name, and what is started or loaded by its path.
import { existsSync, readFileSync } from 'node:fs';
import { at } from './places.mjs';

/** Imported by their paths, beside what `exports` names; as the paths of the sources, without their ending. */
const BY_PATH = {
  cli: ['main'],
  coordinator: ['apps/launch-check', 'config/environment', 'config/options'],
  sdk: ['index', 'build/build-in-thread', 'local/launch-unit'],
  worker: ['executor/daemon/executor', 'executor/daemon/launch-executor'],
};
/** Processes and threads: each is one file, which nobody imports, and some are shown hardly any other behind their walls. */
const PROGRAMS = {
  coordinator: ['apps/check/check-process', 'apps/check/check-thread'],
  'overlay/node': ['seed/seed-process'],
  sandbox: ['enter/enter', 'probe'],
  sdk: ['build/build-thread', 'local/unit/unit-process', 'local/unit/unit-thread'],
  worker: ['executor/process/executor-process', 'executor/thread/unit-thread'],
};
/** Installed for its types, which ours are made of; of its hundred modules each package needs a part. */
const PUT_IN = new Set(['zod']);
const BUILT = /^\.\/dist\/(.+)\.js$/;

/** Every file of `dist` that a manifest names, at whatever depth. */
function* named(value) {
  if (typeof value === 'string') {
    const entry = BUILT.exec(value)?.[1];
    if (entry) yield entry;
  } else if (value) for (const part of Object.values(value)) yield* named(part);
}

/**
 * The packages that are bundled. `bundles`: entries whose files share what they have in common, or that are one file each.
 * `external`: what is installed beside the package instead of put into its files.
 */
export function bundledPackages() {
  const { workspaces } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  return workspaces.flatMap((folder) => {
    const { exports, imports, ...manifest } = JSON.parse(readFileSync(at(folder, 'package.json'), 'utf8'));
    const shared = [...new Set([...named(exports), ...named(imports), ...(BY_PATH[folder] ?? [])])];
    if (shared.length === 0 || !existsSync(at(folder, 'src'))) return [];
    const programs = (PROGRAMS[folder] ?? []).map((entry) => ({ entries: [entry], isOneFile: true }));
    const installed = [manifest.dependencies, manifest.optionalDependencies, manifest.peerDependencies];
    const external = [...installed, imports]
      .flatMap((names) => Object.keys(names ?? {}))
      .filter((name) => !PUT_IN.has(name));
    return [{ folder, bundles: [{ entries: shared, isOneFile: false }, ...programs], external }];
  });
}
