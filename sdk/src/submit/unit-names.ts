// The names of units become files of results: each must fit a file system, and none may be in the way of another, on any of them.
import { filePathSchema, ManyhandsError } from '@manyhands/contract';
import { FILE_NAME_MAXIMUM_BYTES } from '@manyhands/runtime';

const PATH_MAXIMUM_CHARACTERS = 255;
/** What a unit's folder of collected files is called beside its result. */
const COLLECTED_ENDING = '.d';

/**
 * Collects names and refuses those that are unusable (MH-GEN-009) or collide (MH-BAT-006): equal but for upper and lower case or
 * Unicode form, one the folder of another (`a` and `a/b`), or one inside the folder `NAME.d` of another's collected files.
 */
export class UnitNames {
  readonly #hasCollectedFiles: boolean;
  /** Folded paths with the name that needs them: result files, folders on the way to them, folders of collected files. */
  readonly #files = new Map<string, string>();
  readonly #folders = new Map<string, string>();
  readonly #collected = new Map<string, string>();

  constructor(options: { hasCollectedFiles: boolean }) {
    this.#hasCollectedFiles = options.hasCollectedFiles;
  }

  add(name: string): void {
    const trouble = nameTrouble(name, { ending: this.#hasCollectedFiles ? COLLECTED_ENDING : '' });
    if (trouble !== undefined) throw unusable(name, trouble);
    const file = fold(name);
    const folders = foldersAbove(file);
    const own = this.#hasCollectedFiles ? [`${file}${COLLECTED_ENDING}`] : [];
    const other =
      this.#find([file, ...own], [this.#files, this.#folders, this.#collected]) ??
      this.#find(folders, [this.#files, this.#collected]);
    if (other !== undefined) throw collision(name, other);
    this.#files.set(file, name);
    for (const folder of folders) this.#folders.set(folder, name);
    for (const folder of own) this.#collected.set(folder, name);
  }

  #find(paths: readonly string[], maps: readonly ReadonlyMap<string, string>[]): string | undefined {
    for (const path of paths)
      for (const map of maps) {
        const name = map.get(path);
        if (name !== undefined) return name;
      }
    return undefined;
  }
}

/** Why a text cannot be the relative path of a file; undefined when it can. `ending`: what is added to it on disk. */
export function nameTrouble(path: string, { ending = '' }: { ending?: string } = {}): string | undefined {
  if (!path.isWellFormed()) return 'it is no Unicode text (half of a surrogate pair)';
  if (path === '') return 'it is empty';
  const character = /[\p{Cc}\\]/u.exec(path);
  if (character) return `it has ${wordOf(character[0])} as character ${[...path.slice(0, character.index)].length + 1}`;
  if (path.startsWith('/')) return 'it begins with a slash; names are relative paths';
  const parts = path.split('/');
  if (parts.includes('')) return 'it has a part between slashes that is empty';
  const dots = parts.find((part) => part === '.' || part === '..');
  if (dots !== undefined) return `it has the part "${dots}"; names stay below the folder of results`;
  const last = parts.length - 1;
  for (const [index, part] of parts.entries()) {
    const sizeBytes = Buffer.byteLength(part) + (index === last ? ending.length : 0);
    if (sizeBytes <= FILE_NAME_MAXIMUM_BYTES) continue;
    const added = index === last && ending !== '' ? ` with the "${ending}" of its collected files` : '';
    return `it has ${sizeBytes} bytes${added}, and file systems take ${FILE_NAME_MAXIMUM_BYTES}`;
  }
  if (path.length > PATH_MAXIMUM_CHARACTERS)
    return `it has ${path.length} characters, and a path may have ${PATH_MAXIMUM_CHARACTERS}`;
  return filePathSchema.safeParse(path).success ? undefined : 'it is no plain relative path';
}

function wordOf(character: string): string {
  if (character === '\\') return 'a backslash';
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `the control character U+${code}`;
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

function unusable(name: string, trouble: string): ManyhandsError {
  return new ManyhandsError('MH-GEN-009', {
    message: `${JSON.stringify(name.slice(0, 300))} can't be the name of a unit: ${trouble}. Nothing was submitted; please rename it.`,
    meta: { name: name.slice(0, 300) },
  });
}

function collision(name: string, other: string): ManyhandsError {
  const message =
    name === other
      ? `Two units are named ${name}. Nothing was submitted; please give them different names.`
      : `The units ${other} and ${name} would be in each other's way as files of results. Nothing was submitted; please rename one.`;
  return new ManyhandsError('MH-BAT-006', { message, meta: { names: [other, name] } });
}
