// The compiled units that come with the library.
import { readFileSync } from 'node:fs';

/** The unit as a WASI preview 1 command. Throws ENOENT before the project is built. */
export function nBodyModule(): Uint8Array<ArrayBuffer> {
  return moduleNamed('n-body');
}

/** The same unit for hosts that call it step by step. Throws ENOENT before the project is built. */
export function nBodyStepModule(): Uint8Array<ArrayBuffer> {
  return moduleNamed('n-body-step');
}

function moduleNamed(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../dist/${name}.wasm`, import.meta.url)));
}
