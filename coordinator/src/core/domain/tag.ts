// What tells two accounts of one name apart on pages.

const TAG_CHARACTERS = 5;

/** The first characters of the hash in the identifier: the same for ever, and too few to find the account by. */
export function tagOf(accountId: string): string {
  const hash = accountId.slice(accountId.indexOf('_') + 1);
  return hash.slice(0, TAG_CHARACTERS);
}
