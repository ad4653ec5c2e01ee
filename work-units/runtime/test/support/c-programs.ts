// Compiles C programs for the tests with Debian's clang, wasi-libc and lld; tells why when they are not there.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { temporaryFolderSync } from '@manyhands/testing';

const PROGRAMS = join(import.meta.dirname, '..', 'system', 'programs');
/** The variables name other compilers. */
const CLANG = process.env.WASI_CLANG ?? 'clang';
const NATIVE = process.env.CC ?? 'gcc';
const SYSROOT = '/usr/include/wasm32-wasi';

/** Why the tests with C programs cannot run here, or null when they can. Throws instead when everything is required (MANYHANDS_REQUIRE_ALL=1). */
export function missingToolchain(): string | null {
  const hasClang = spawnSync(CLANG, ['--version']).status === 0;
  const reason = hasClang && existsSync(SYSROOT) ? null : 'clang with wasi-libc and lld is not installed';
  if (reason !== null && process.env.MANYHANDS_REQUIRE_ALL === '1') throw new Error(reason);
  if (reason !== null) console.warn(`skipped: programs in C (${reason})`);
  return reason;
}

/** Whether gcc is there to make native programs to compare with. */
export function hasNativeCompiler(): boolean {
  return spawnSync(NATIVE, ['--version']).status === 0;
}

/** Gives the function a folder that is gone after the test. */
export function withFolder<T>(use: (folder: string) => T): T {
  const folder = temporaryFolderSync();
  return use(folder);
}

/** The module that clang makes of a program: a name in this package's folder, or a path. */
export function compileToWasm(program: string, flags: readonly string[] = []): Uint8Array<ArrayBuffer> {
  return withFolder((folder) => {
    const out = join(folder, 'out.wasm');
    compile(CLANG, ['--target=wasm32-wasi', '-O2', ...flags, resolve(PROGRAMS, program), '-o', out]);
    return new Uint8Array(readFileSync(out));
  });
}

/** Makes a native program in a folder and gives its path. */
export function compileNatively(program: string, folder: string): string {
  const out = join(folder, 'native');
  compile(NATIVE, ['-O2', '-ffp-contract=off', join(PROGRAMS, program), '-o', out, '-lm']);
  return out;
}

function compile(compiler: string, parameters: readonly string[]): void {
  const { status, stderr } = spawnSync(compiler, parameters, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${compiler} failed: ${stderr}`);
}
