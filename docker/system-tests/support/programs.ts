// Compiles the tests' own programs: the probe with AssemblyScript, C programs with Debian's clang where it is installed.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const asc = join(createRequire(import.meta.url).resolve('assemblyscript/package.json'), '../bin/asc.js');

let probe: Promise<string> | undefined;

/** The path of the compiled probe (see assembly/probe.ts). */
export function probeFile(): Promise<string> {
  probe ??= compileProbe();
  return probe;
}

async function compileProbe(): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'manyhands-probe-')), 'probe.wasm');
  const source = fileURLToPath(new URL('../assembly/probe.ts', import.meta.url));
  await run(process.execPath, [
    asc,
    source,
    '-o',
    file,
    '-O3',
    '--runtime',
    'stub',
    '--use',
    'abort=',
    '--noAssert',
    '--memoryBase',
    '16384',
  ]);
  return file;
}

/** Whether C can be compiled to WASI here; required in continuous integration. */
export function hasWasiClang(): boolean {
  const isThere = existsSync('/usr/include/wasm32-wasi') && existsSync('/usr/bin/clang');
  if (!isThere && process.env.MANYHANDS_REQUIRE_ALL !== '1')
    console.warn('skipped: C programs (install clang, lld and wasi-libc)');
  return isThere || process.env.MANYHANDS_REQUIRE_ALL === '1';
}

/** Compiles one C source to a WASI command and, with the machine's own compiler, to a native program. */
export async function compileC(source: string): Promise<{ wasm: string; native: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'manyhands-c-'));
  const [file, wasm, native] = [join(folder, 'program.c'), join(folder, 'program.wasm'), join(folder, 'program')];
  await writeFile(file, source);
  await run('clang', ['--target=wasm32-wasi', '--sysroot=/usr', '-O2', file, '-o', wasm]);
  await run('gcc', ['-O2', file, '-o', native]);
  return { wasm, native };
}

/** Bytes of the probe. */
export async function probeModule(): Promise<Uint8Array> {
  return readFile(await probeFile());
}
