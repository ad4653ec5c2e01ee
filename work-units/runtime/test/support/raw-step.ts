// Step builds by hand, without the pipeline: for browsers, and for what the pipeline would never make.
import { buildModule, I32, I64, i32, i64 } from './wasm-builder.js';

/**
 * A step build by hand, with code for `step` (function 2: () -> i32) that the pipeline would have instrumented; globals 0 to 3 are fuel, floor, depth and
 * the flag of refused growth.
 */
export function rawStep(parts: {
  step: readonly number[];
  growthRefused?: number;
  depth?: bigint;
}): WebAssembly.Module {
  const constant = (value: bigint): number[] => [I64, 1, ...i64(value), 0x0b];
  const wasm = buildModule({
    types: [{ parameters: [], results: [I32] }],
    functions: [{ code: [] }, { code: [] }, { type: 1, code: parts.step }],
    globals: [
      constant(0n),
      constant(0n),
      constant(parts.depth ?? 8n),
      [I32, 1, ...i32(parts.growthRefused ?? 0), 0x0b],
    ],
    exports: [
      { name: 'init', kind: 0, index: 0 },
      { name: 'finish', kind: 0, index: 1 },
      { name: 'step', kind: 0, index: 2 },
      ...['fuel', 'floor', 'depth', 'growth-refused'].map((name, index) => ({
        name: `manyhands:${name}`,
        kind: 3,
        index,
      })),
    ],
  });
  return new WebAssembly.Module(wasm);
}
