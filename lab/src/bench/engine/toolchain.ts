// The compilers of the machine: clang with wasi-libc for modules, gcc for native programs to compare with.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The variables name other compilers. */
const CLANG = process.env.WASI_CLANG ?? 'clang';
const GCC = process.env.CC ?? 'gcc';
const SYSROOT = '/usr/include/wasm32-wasi';
const KERNEL_FOLDER = new URL('../../../kernels/', import.meta.url).pathname;

/** Where a kernel's source lies. */
export function kernelSource(name: string): string {
  return join(KERNEL_FOLDER, name);
}

/** Why no module can be compiled and what to do, in one line, or null. */
export function missingWasiCompiler(): string | null {
  const hasClang = spawnSync(CLANG, ['--version'], { env: { ...process.env, PATH: systemPath() } }).status === 0;
  if (hasClang && existsSync(SYSROOT)) return null;
  return `clang with lld and wasi-libc is not installed: apt-get install clang lld wasi-libc, or name a clang in WASI_CLANG (${hasClang ? `no ${SYSROOT}` : `no ${CLANG}`})`;
}

export function hasNativeCompiler(): boolean {
  return spawnSync(GCC, ['--version']).status === 0;
}

/** Compiles C to a module with -O2; `reactor` for the cooperative ABI. */
export function compileModule(sources: readonly string[], out: string, reactor = false): Uint8Array {
  const model = reactor ? ['-mexec-model=reactor'] : [];
  const parameters = ['--target=wasm32-wasi', '-O2', ...model, '-Wl,--strip-debug', ...sources, '-o', out];
  execFileSync(CLANG, parameters, { env: { ...process.env, PATH: systemPath() } });
  return readFileSync(out);
}

/** Compiles C to a native program with -O2 and the same arithmetic. */
export function compileNative(sources: readonly string[], out: string): string {
  execFileSync(GCC, ['-O2', '-ffp-contract=off', ...sources, '-o', out, '-lm']);
  return out;
}

/** clang passes what it makes through any wasm-opt that it finds: not through the one that npm brings with other packages. */
function systemPath(): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.filter((folder) => !folder.includes('node_modules')).join(delimiter);
}
