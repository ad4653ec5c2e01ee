// What goes into one run of a unit, from its descriptor and what all units of the batch share: the same as on every volunteer's computer.
import { type Cid, type ManifestRoot, STDERR_TAIL_BYTES, unitSeedOf } from '@manyhands/contract';
import { DEFAULT_UNIT_LIMITS, type UnitFile, type UnitInput } from '@manyhands/runtime';

export type RunnableUnit = {
  name: string;
  args: readonly string[];
  stdin: Uint8Array;
  files: readonly UnitFile[];
  /** Of the prepared module; part of the seed. */
  moduleCid: Cid;
  memoryMaximumBytes: number;
};
export type SharedPart = {
  common: Omit<ManifestRoot['common'], 'files'> & { files: readonly UnitFile[] };
  outputMaximumBytes: number;
};

/** A unit's own file goes before a shared one of the same name. */
export function unitInputOf(unit: RunnableUnit, { common, outputMaximumBytes }: SharedPart): UnitInput {
  const files = new Map([...common.files, ...unit.files].map((file) => [file.name, file]));
  return {
    args: [common.programName, ...common.args, ...unit.args],
    env: common.env,
    stdin: unit.stdin,
    files: [...files.values()],
    collect: common.collect,
    okExitCodes: common.okExitCodes,
    seed: unitSeedOf(unit.moduleCid, unit.name),
    limits: {
      ...DEFAULT_UNIT_LIMITS,
      memoryMaximumBytes: unit.memoryMaximumBytes,
      outputMaximumBytes,
      stderrTailBytes: STDERR_TAIL_BYTES,
    },
  };
}
