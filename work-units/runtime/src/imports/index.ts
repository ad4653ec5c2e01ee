// All of WASI preview 1, as one import object without prototypes.
import { WASI_MODULE } from '../abi/constants.js';
import type { HostContext, ImportGroup } from '../host/host-context.js';
import { HOST_FUEL } from '../host/meter.js';
import { ErrnoSignal } from '../state/signals.js';
import { argumentImports } from './arguments.js';
import { clockImports } from './clocks.js';
import { descriptorImports } from './descriptors.js';
import { metadataImports } from './file-metadata.js';
import { folderImports } from './folders.js';
import { pathImports } from './paths.js';
import { pollImports } from './polling.js';
import { processImports } from './process.js';
import { readWriteImports } from './reading-writing.js';
import { socketImports } from './sockets.js';

/** The import object of a unit. Names such as `__proto__` find nothing in it. */
export function createImports(context: HostContext): WebAssembly.Imports {
  const functions: Record<string, WebAssembly.ImportValue> = Object.create(null);
  for (const [name, implementation] of Object.entries(importGroups(context)))
    functions[name] = guarded(implementation, context);
  const imports: WebAssembly.Imports = Object.create(null);
  imports[WASI_MODULE] = functions;
  return imports;
}

function importGroups(context: HostContext): ImportGroup {
  return {
    ...argumentImports(context),
    ...clockImports(context),
    ...descriptorImports(context),
    ...readWriteImports(context),
    ...metadataImports(context),
    ...folderImports(context),
    ...pathImports(context),
    ...pollImports(context),
    ...processImports(context),
    ...socketImports(),
  };
}

/** Charges the call, and turns an error number thrown anywhere inside into its result; every other signal ends the run. */
function guarded(
  implementation: ImportGroup[string],
  { meter, suspension }: HostContext,
): (...parameters: never[]) => number {
  return (...parameters) => {
    if (suspension.isRewinding)
      throw new Error('the host was called while the program was taken back to where it stopped');
    meter.charge(HOST_FUEL.call);
    try {
      return implementation(...parameters);
    } catch (error) {
      if (!(error instanceof ErrnoSignal)) throw error;
      meter.charge(HOST_FUEL.error);
      return error.errno;
    }
  };
}
