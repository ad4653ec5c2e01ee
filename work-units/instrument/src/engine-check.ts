// A second opinion from the engine that runs us: it checks the types of the operands, which our own checks leave out.
import { malformed } from './refusal.js';

/** Refuses what this engine does not accept. That it accepts more than we do never matters: our lists come first. */
export function checkWithEngine(wasm: Uint8Array): void {
  const bytes = new Uint8Array(wasm);
  if (!WebAssembly.validate(bytes)) malformed(`the engine refuses it: ${engineMessage(bytes)}`);
}

/** Compiling an invalid module ends at its first error, and only the error says where that is. */
function engineMessage(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    new WebAssembly.Module(bytes);
    return 'no reason given';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
