// A copy of the built packages that anybody may read, in which the processes that meet programs of strangers are hostile ones.
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const REPOSITORY = realpathSync(join(import.meta.dirname, '../../../..'));
const HOSTILE = join(import.meta.dirname, 'hostile.mjs');
/** Parts that start such a process, and where its first module is. */
export const PLACES = {
  executor: { part: 'worker', script: 'worker/dist/executor/process/executor-process.js' },
  check: { part: 'coordinator', script: 'coordinator/dist/apps/check/check-process.js' },
  unit: { part: 'sdk', script: 'sdk/dist/local/unit/unit-process.js' },
} as const;
export type Place = keyof typeof PLACES;

type Manifest = { name: string; dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> };

/** Node among it, so that an ordinary user can run it. */
export function makeInstallation(folder: string): { folder: string; node: string } {
  const modules = join(folder, 'node_modules');
  const copied = new Set<string>();
  for (const { part } of Object.values(PLACES)) copyPart(part);
  for (const { script } of Object.values(PLACES)) cpSync(HOSTILE, join(folder, script));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const node = join(folder, 'bin/node');
  mkdirSync(dirname(node));
  cpSync(realpathSync(process.execPath), node);
  chmodSync(folder, 0o755);
  return { folder, node };

  /** A part that starts one: as it stands, beside what it imports. */
  function copyPart(part: string): void {
    for (const name of ['package.json', 'dist'])
      cpSync(join(REPOSITORY, part, name), join(folder, part, name), { recursive: true });
    copyDependencies(join(REPOSITORY, part), { isWhole: false });
  }

  function copyDependencies(importer: string, { isWhole }: { isWhole: boolean }): void {
    const manifest = JSON.parse(readFileSync(join(importer, 'package.json'), 'utf8')) as Manifest & {
      confined?: Record<string, { packages: string[] }>;
    };
    const names = isWhole
      ? Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })
      : ['@manyhands/sandbox', 'zod', ...Object.values(manifest.confined ?? {}).flatMap(({ packages }) => packages)];
    for (const name of names) copyPackage(name, importer);
  }

  function copyPackage(name: string, importer: string): void {
    if (copied.has(name)) return;
    copied.add(name);
    const found = [join(importer, 'node_modules', name), join(REPOSITORY, 'node_modules', name)].find(existsSync);
    if (!found) return; // an optional one
    const source = realpathSync(found);
    const isOwn = !source.includes('node_modules');
    for (const part of isOwn ? ['package.json', 'dist'] : ['.'])
      cpSync(join(source, part), join(modules, name, part), { recursive: true });
    copyDependencies(source, { isWhole: true });
  }
}
