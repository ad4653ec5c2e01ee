// What no host could run is refused before anything is sent: words that no argument can hold, names and sizes that do not fit.
import {
  ARGUMENT_MAXIMUM_BYTES,
  ARGUMENTS_MAXIMUM,
  FILES_PER_UNIT_MAXIMUM,
  type ManifestRoot,
  ManyhandsError,
  type UnitDescriptor,
} from '@manyhands/contract';
import { DEFAULT_UNIT_LIMITS, FILE_NODE_COST_BYTES } from '@manyhands/runtime';
import type { BatchOptions } from './options.js';
import { nameTrouble } from './unit-names.js';

type NamedFile = ManifestRoot['common']['files'][number];

/** Checks what all units share. Throws MH-GEN-009. */
export function checkShared({ args = [], collect = [], files = {} }: BatchOptions): void {
  checkArguments(args, 'The arguments that all units share');
  for (const name of Object.keys(files)) checkName(name, 'a shared file');
  for (const name of collect) checkName(name, 'a file to collect');
}

/** Checks one unit. Throws MH-GEN-009, or MH-BAT-005 when its inputs are larger than the memory for them. */
export function checkUnit(unit: UnitDescriptor, sharedFiles: readonly NamedFile[]): void {
  checkArguments(unit.args, `The arguments of ${unit.name}`);
  if (unit.files.length > FILES_PER_UNIT_MAXIMUM)
    throw wrong(`${unit.name} has ${unit.files.length} files; a unit may have ${FILES_PER_UNIT_MAXIMUM}.`);
  for (const { name } of unit.files) checkName(name, `a file of the unit ${unit.name}`);
  const files = new Map([...sharedFiles, ...unit.files].map((file) => [file.name, file.sizeBytes]));
  const sizeBytes = [...files.values()].reduce(
    (sum, size) => sum + size + FILE_NODE_COST_BYTES,
    unit.stdin?.sizeBytes ?? 0,
  );
  const maximumBytes = DEFAULT_UNIT_LIMITS.fileTreeMaximumBytes;
  if (sizeBytes <= maximumBytes) return;
  throw new ManyhandsError('MH-BAT-005', {
    message: `The inputs of ${unit.name} have ${sizeBytes} bytes together; a unit may have ${maximumBytes}. Please cut them into several units.`,
    meta: { unit: unit.name, sizeBytes, maximumBytes },
  });
}

function checkArguments(args: readonly string[], whose: string): void {
  if (args.length > ARGUMENTS_MAXIMUM)
    throw wrong(`${whose} are ${args.length} words; ${ARGUMENTS_MAXIMUM} may be given. Please pass them in a file.`);
  for (const [index, word] of args.entries()) {
    const trouble = argumentTrouble(word);
    if (trouble !== undefined) throw wrong(`${whose}: word ${index + 1} ${trouble}`);
  }
}

function argumentTrouble(word: string): string | undefined {
  if (word.includes('\0')) return 'holds a NUL character, which no argument can. Please pass it in a file.';
  if (!word.isWellFormed()) return 'is no Unicode text: it holds half of a surrogate pair. Please pass it in a file.';
  if (word.length <= ARGUMENT_MAXIMUM_BYTES) return undefined;
  return `has ${word.length} characters; an argument may have ${ARGUMENT_MAXIMUM_BYTES}. Please pass it in a file.`;
}

function checkName(name: string, what: string): void {
  const trouble = nameTrouble(name);
  if (trouble === undefined) return;
  throw wrong(`${JSON.stringify(name.slice(0, 300))} can't be the name of ${what}: ${trouble}. Please choose another.`);
}

function wrong(message: string): ManyhandsError {
  return new ManyhandsError('MH-GEN-009', { message });
}
