// Modules from the text format, by binaryen's parser.
import binaryen from 'binaryen';

export function fromText(text: string): Uint8Array<ArrayBuffer> {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  const wasm = new Uint8Array(module.emitBinary());
  module.dispose();
  return wasm;
}

/** A command with one page of memory around functions; the first argument is the body of _start. */
export function commandText(start: string, functions = '', extra = ''): string {
  return `(module ${extra} (memory (export "memory") 1) ${functions} (func (export "_start") ${start}))`;
}
