// Programs as volunteers run them: through the real pipeline, each built once.
import { type Build, markSpacingOf, rawCidOf } from '@manyhands/contract';
import { type BuiltApp, buildApp } from '@manyhands/instrument';
import { assemble } from './modules.js';

const MEBIBYTE = 1024 * 1024;
const built = new Map<string, Promise<BuiltApp>>();

/** Builds a program of WebAssembly text. */
export function appOf(text: string, memoryMaximumBytes = 64 * MEBIBYTE): Promise<BuiltApp> {
  const name = `${memoryMaximumBytes} ${text}`;
  const known = built.get(name);
  if (known) return known;
  const app = buildApp(assemble(text), { memoryMaximumBytes, moduleMaximumBytes: 64 * MEBIBYTE });
  built.set(name, app);
  return app;
}

/** One build of a program, with what the executor must know of it. */
export async function moduleOf(text: string, build: Build = 'nonleaf', memoryMaximumBytes = 64 * MEBIBYTE) {
  const app = await appOf(text, memoryMaximumBytes);
  const wasm = (app.builds as Partial<Record<Build, Uint8Array>>)[build];
  if (!wasm) throw new Error(`the program has no build ${build}`);
  const module = { name: rawCidOf(wasm), sizeBytes: wasm.length, read: async () => wasm };
  return { module, build, markSpacing: markSpacingOf(app.memoryMaximumBytes) };
}
