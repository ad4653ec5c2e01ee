// The middle stage: binaryen makes a program able to stop at its yield points and to go on from there.
import { YIELD_IMPORT } from './abi/engine-names.js';
import { STACK_MEMORY_PAGES } from './limits.js';

/** Only tells Asyncify to tidy up what it does itself: it is the one pass that runs. */
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
    Features.BulkMemoryOpt |
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
