// The middle stage: binaryen makes a program able to stop at its yield points and to go on from there.
import { YIELD_IMPORT } from './abi/engine-names.js';
import { STACK_MEMORY_PAGES } from './limits.js';

/**
 * Passes that Asyncify would run to tidy up but may not: they compute with constants or exchange operations for others, and could so
 * remove a place where NaN values are made canonical in one build and keep it in the other.
 */
const SKIPPED_PASSES = [
  'optimize-instructions',
  'precompute',
  'precompute-propagate',
  'pick-load-signs',
  'rse',
  'const-hoisting',
  'code-pushing',
  'heap-store-optimization',
  'optimize-casts',
  'local-subtyping',
  'tuple-optimization',
  'local-cse',
  'code-folding',
] as const;

const OPTIMIZE_LEVEL = 2;

/** Same input, same bytes. Loads binaryen when first used. */
export async function asyncify(wasm: Uint8Array): Promise<Uint8Array> {
  const { default: binaryen } = await import('binaryen');
  const { Features } = binaryen;
  const features =
    Features.MutableGlobals |
    Features.SignExt |
    Features.NontrappingFPToInt |
    Features.BulkMemory |
    Features.SIMD128 |
    Features.Multivalue |
    Features.MultiMemory;
  binaryen.setOptimizeLevel(OPTIMIZE_LEVEL);
  binaryen.setShrinkLevel(0);
  binaryen.setDebugInfo(false);
  binaryen.setFastMath(false);
  binaryen.setTrapsNeverHappen(false);
  binaryen.setClosedWorld(false);
  binaryen.setLowMemoryUnused(false);
  binaryen.setZeroFilledMemory(false);
  binaryen.clearPassArguments();
  binaryen.clearPassesToSkip();
  for (const pass of SKIPPED_PASSES) binaryen.addPassToSkip(pass);
  binaryen.setPassArgument('asyncify-imports', `${YIELD_IMPORT.module}.${YIELD_IMPORT.name}`);
  binaryen.setPassArgument('asyncify-in-secondary-memory', '1');
  binaryen.setPassArgument('asyncify-secondary-memory-size', String(STACK_MEMORY_PAGES));
  const module = binaryen.readBinary(wasm);
  module.setFeatures(features);
  try {
    module.runPasses(['asyncify']);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}
