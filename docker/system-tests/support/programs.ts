// Compiles the tests' own program, the probe, with AssemblyScript.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolderSync } from '@manyhands/testing';

const run = promisify(execFile);
const asc = join(createRequire(import.meta.url).resolve('assemblyscript/package.json'), '../bin/asc.js');

/** Made before any test, so that it lasts for the whole file of tests. */
const PROBES = temporaryFolderSync('probe');
let probe: Promise<string> | undefined;

/** The path of the compiled probe (see assembly/probe.ts). */
export function probeFile(): Promise<string> {
  probe ??= compileProbe();
  return probe;
}

async function compileProbe(): Promise<string> {
  const file = join(PROBES, 'probe.wasm');
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

/** Bytes of the probe. */
export async function probeModule(): Promise<Uint8Array> {
  return readFile(await probeFile());
}
