// The names of units become files of results: none may be in the way of another, on any file system.
import { filePathSchema, ManyhandsError } from '@manyhands/contract';

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
    if (!filePathSchema.safeParse(name).success) throw unusable(name);
    const file = fold(name);
    const folders = foldersAbove(file);
    const own = this.#hasCollectedFiles ? [`${file}.d`] : [];
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

function foldersAbove(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

function unusable(name: string): ManyhandsError {
  return new ManyhandsError('MH-GEN-009', {
    message: `${JSON.stringify(name.slice(0, 300))} can't be the name of a unit: it must be a plain relative path of at most 255 characters.`,
  });
}

function collision(name: string, other: string): ManyhandsError {
  const message =
    name === other
      ? `Two units are named ${name}. Nothing was submitted; please give them different names.`
      : `The units ${other} and ${name} would be in each other's way as files of results. Nothing was submitted; please rename one.`;
  return new ManyhandsError('MH-BAT-006', { message, meta: { names: [other, name] } });
}
