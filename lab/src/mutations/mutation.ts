// A planted fault: one text of one source file replaced by another. It must stand there exactly once, or the list is out of date.

export type Mutation = {
  readonly id: string;
  /** Path from the root of the repository. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** What goes wrong for people. */
  readonly about: string;
};

/** How often `text` stands in `source`, overlapping places counted too. */
export function countOf(source: string, text: string): number {
  let count = 0;
  for (let at = source.indexOf(text); at >= 0; at = source.indexOf(text, at + 1)) count += 1;
  return count;
}

/** The source with the fault in it. Throws when the text is not there exactly once, or when nothing would change. */
export function mutated(source: string, { id, file, find, replace }: Mutation): string {
  const count = countOf(source, find);
  if (count !== 1) throw new Error(`${id}: its text stands ${count} times in ${file}, not once; mend the list`);
  if (find === replace) throw new Error(`${id}: nothing would change`);
  return source.replace(find, () => replace);
}
