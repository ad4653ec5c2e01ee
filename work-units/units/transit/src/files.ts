// The compiled unit that comes with the library.
import { readFileSync } from 'node:fs';

/** The compiled unit, a WASI preview 1 command. Throws ENOENT before the project is built. */
export function transitModule(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL('../dist/transit.wasm', import.meta.url)));
}
