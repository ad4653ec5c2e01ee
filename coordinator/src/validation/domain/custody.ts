// Which custodian of an agreed unit is asked for the bundle, and when all of them count as lost. One at a time: results travel once.

/** A host on a slow line (512 kbit/s) gets this much for each byte, after time to begin with. */
const MS_PER_BYTE = 1 / 64;
const BEGIN_MS = 30_000;

type Custodian = { readonly account: number; readonly isOnline: boolean; readonly bundleBytes: number };

export type Search = {
  readonly askedAccount: number | null;
  readonly askedMs: number;
  /** Asked since the search began, without success. */
  readonly triedAccounts: readonly number[];
  /** When a custodian was last online without having been tried. */
  readonly sinceMs: number;
};

export type Situation = {
  readonly custodians: readonly Custodian[];
  /** How long custodians may be away before the bundle counts as lost. */
  readonly absenceMs: number;
};

export type Step = { readonly search: Search; readonly ask: number | null; readonly isLost: boolean };

/** The next step: wait for the one asked, ask another, wait for one to come back, or give up. */
export function nextAsk(search: Search, { custodians, absenceMs }: Situation, nowMs: number): Step {
  const asked = custodians.find(({ account }) => account === search.askedAccount);
  if (asked?.isOnline && nowMs < search.askedMs + BEGIN_MS + asked.bundleBytes * MS_PER_BYTE)
    return { search, ask: null, isLost: false };
  const tried = asked ? [...new Set([...search.triedAccounts, asked.account])] : search.triedAccounts;
  const next = custodians.find(({ account, isOnline }) => isOnline && !tried.includes(account));
  if (next) {
    const { account } = next;
    return {
      search: { askedAccount: account, askedMs: nowMs, triedAccounts: tried, sinceMs: nowMs },
      ask: account,
      isLost: false,
    };
  }
  const isLost =
    nowMs >= search.sinceMs + absenceMs ||
    custodians.every(({ account, isOnline }) => isOnline && tried.includes(account));
  const waiting: Search = {
    ...search,
    askedAccount: null,
    triedAccounts: asked?.isOnline === false ? search.triedAccounts : tried,
  };
  return { search: waiting, ask: null, isLost };
}
