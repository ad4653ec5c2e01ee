// Command builds by hand: for what the pipeline would never make, and only a lying coordinator could serve.
import { buildModule, I32, I64, i32 } from './wasm-builder.js';

/** Import 0 is `proc_exit`; globals 0 to 3 are fuel, floor, depth (8) and the flag of refused growth. Asyncify's functions do nothing. */
export function rawCommand(parts: { start?: readonly number[]; state: readonly number[] }): WebAssembly.Module {
  const constant = (value: number): number[] => [I64, 1, 0x42, value, 0x0b];
  const exported = (names: readonly string[], kind: number, index: (place: number) => number) =>
    names.map((name, place) => ({ name, kind, index: index(place) }));
  const wasm = buildModule({
    types: [
      { parameters: [I32], results: [] },
      { parameters: [], results: [I32] },
    ],
    imports: [{ name: 'proc_exit', type: 1 }],
    functions: [{ code: parts.start ?? [] }, { type: 1, code: [] }, { code: [] }, { type: 2, code: parts.state }],
    globals: [constant(0), constant(0), constant(8), [I32, 1, ...i32(0), 0x0b]],
    exports: [
      ...exported(['asyncify_start_unwind', 'asyncify_start_rewind'], 0, () => 2),
      ...exported(['asyncify_stop_unwind', 'asyncify_stop_rewind'], 0, () => 3),
      ...exported(['asyncify_get_state'], 0, () => 4),
      ...exported(
        ['fuel', 'floor', 'depth', 'growth-refused'].map((name) => `manyhands:${name}`),
        3,
        (place) => place,
      ),
      ...exported(['manyhands:stack'], 2, () => 1),
    ],
    raw: { 5: [2, 0, 1, 0, 1] },
  });
  return new WebAssembly.Module(wasm);
}
