// How a unit is called: the parts common to its batch and its own, put together the same way on every host and in local runs.

import type { FileRef } from './file-ref.js';
import type { ManifestRoot, UnitDescriptor } from './manifest.js';

/** What one run of a unit gets and hands back; `args[0]` is the program's own name. */
export type UnitCall = {
  args: string[];
  env: Record<string, string>;
  /** null: empty. */
  stdin: FileRef | null;
  files: (FileRef & { name: string })[];
  collect: string[];
  okExitCodes: number[];
  /** null: the fixed time of the host ABI. */
  clockMs: number | null;
};

/** Puts a unit's call together; of two input files of one name the unit's own counts. */
export function unitCallOf({ common }: ManifestRoot, unit: UnitDescriptor): UnitCall {
  const files = new Map([...common.files, ...unit.files].map((file) => [file.name, file]));
  return {
    args: [common.programName, ...common.args, ...unit.args],
    env: { ...common.env },
    stdin: unit.stdin,
    files: [...files.values()],
    collect: [...common.collect],
    okExitCodes: [...common.okExitCodes],
    clockMs: common.clockMs,
  };
}
