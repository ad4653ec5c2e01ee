// The middle stage: binaryen makes a program able to stop at its yield points and to go on from there.
import { YIELD_IMPORT } from './abi/engine-names.js';
import { refuse } from './refusal.js';

/** Only tells Asyncify to tidy up what it does itself: it is the one pass that runs. */
const OPTIMIZE_LEVEL = 2;

/** Loads what the pipeline loads when it is first used: the same for every program. */
export async function loadPipeline(): Promise<void> {
  await import('binaryen');
}

/** Same input, same bytes. Loads binaryen when first used. Throws MH-MOD-016 where binaryen gives up. */
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
  binaryen.setPassArgument('asyncify-secondary-memory-size', '1');
  try {
    const module = binaryen.readBinary(wasm);
    module.setFeatures(features);
    module.runPasses(['asyncify']);
    const written = module.emitBinary();
    module.dispose();
    return written;
  } catch (error) {
    return refuseComplex(error);
  }
}

/** binaryen recurses over expressions and gives up where its stack or memory ends. What it left behind is not cleaned up: use another process then. */
function refuseComplex(error: unknown): never {
  return refuse('MH-MOD-016', {
    reason: 'too-complex',
    what: `The module is too complex to be made able to stop and resume (${String(error).slice(0, 200)})`,
    why: 'expressions that stand inside one another many thousand times, or functions of many megabytes, are more than the tools can take',
    instead: 'build with -O2, split generated functions, or move tables into data',
  });
}
