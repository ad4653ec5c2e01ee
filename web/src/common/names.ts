// Names that people chose: any letters, of any length, and not always different from each other.

type Named = { readonly name: string; readonly tag: string };

/** What stands where somebody chose no name that can be seen. */
export const NAMELESS = 'without a name';

/** The name as it is shown: never nothing. */
export function shownName(name: string): string {
  // Format characters and spaces of every kind leave nothing to see.
  return /[^\p{Z}\p{C}]/u.test(name) ? name : NAMELESS;
}

/** Names that read alike have one key. */
function keyOf(name: string): string {
  return shownName(name)
    .normalize('NFKC')
    .replace(/[\p{Z}\p{C}]+/gu, ' ')
    .trim()
    .toLowerCase();
}

/** Whether another of these has a name that reads the same, so that the tag must tell them apart. */
export function findNamesakes(all: readonly Named[]): (one: Named) => boolean {
  const counts = new Map<string, number>();
  for (const { name } of all) counts.set(keyOf(name), (counts.get(keyOf(name)) ?? 0) + 1);
  return ({ name, tag }) => tag !== '' && (counts.get(keyOf(name)) ?? 0) > 1;
}

/** What a picture is drawn from: two of one name have two pictures. */
export function seedOf({ name, tag }: Named): string {
  return tag || name;
}
