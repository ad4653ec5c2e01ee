// Judges a unit whose inputs exceed the limit of its files, without fetching them: the machine refuses them by their sizes alone.
import { type RunOptions, type UnitFailure, type UnitInput, UnitMachine } from '@manyhands/runtime';

type Sized = { sizeBytes: number };

/** A unit as the machine takes it, with sizes instead of contents. */
export type SizedUnit = Omit<UnitInput, 'stdin' | 'files'> & {
  stdin: Sized | null;
  files: readonly (Sized & { name: string })[];
};

/** The smallest module there is: a unit that is refused never comes to its program. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** The failure of the unit with the fuel and chain that every host gives it; null when the sizes are within the limit. */
export function refuseInputs({ stdin, files, ...unit }: SizedUnit, options: RunOptions): UnitFailure | null {
  const inputBytes = [...files, ...(stdin ? [stdin] : [])].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (inputBytes <= unit.limits.fileTreeMaximumBytes) return null;
  const input: UnitInput = {
    ...unit,
    stdin: contentsOf(stdin ?? { sizeBytes: 0 }),
    files: files.map((file) => ({ name: file.name, bytes: contentsOf(file) })),
  };
  const end = UnitMachine.start(new WebAssembly.Module(EMPTY_MODULE), input, options).runSlice(1);
  if (end.kind !== 'ended' || end.outcome.kind !== 'unit-failure')
    throw new Error('the machine takes inputs beyond the limit');
  return end.outcome;
}

/** Nobody has room for the contents; nothing but their length is looked at before the refusal. */
function contentsOf({ sizeBytes }: Sized): Uint8Array {
  return { length: sizeBytes } as Uint8Array;
}
