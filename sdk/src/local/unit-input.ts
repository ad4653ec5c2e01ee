// What goes into one run of a unit: the same as on every volunteer's computer.
import { type AppVersion, STDERR_TAIL_BYTES, type UnitCall, unitSeedOf } from '@manyhands/contract';
import { DEFAULT_UNIT_LIMITS, type UnitFile, type UnitInput } from '@manyhands/runtime';

/** A unit's call with the bytes of its inputs. */
export type LoadedCall = Omit<UnitCall, 'stdin' | 'files'> & { stdin: Uint8Array; files: readonly UnitFile[] };

/** `program`: of the app version; the module as its author made it and the unit's name make the seed of the randomness. */
export function unitInputOf(
  unit: { name: string; call: LoadedCall },
  program: Pick<AppVersion, 'original' | 'memoryMaximumBytes'>,
  limits: { outputMaximumBytes: number; fuelMaximum: number },
): UnitInput {
  const { clockMs, ...call } = unit.call;
  return {
    ...call,
    ...(clockMs !== null && { clockMs }),
    seed: unitSeedOf(program.original.cid, unit.name),
    fuelMaximum: limits.fuelMaximum,
    limits: {
      ...DEFAULT_UNIT_LIMITS,
      memoryMaximumBytes: program.memoryMaximumBytes,
      outputMaximumBytes: limits.outputMaximumBytes,
      stderrTailBytes: STDERR_TAIL_BYTES,
    },
  };
}
