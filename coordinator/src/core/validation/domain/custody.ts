// Which custodian of an agreed unit is asked for the bundle, and when it counts as lost. One at a time: results travel once.
// A host that is here and cannot deliver just now still has it: it is asked again, and nothing is computed anew.

/** A host on a slow line (512 kbit/s) gets this much for each byte, after time to begin with. */
const MS_PER_BYTE = 1 / 64;
const BEGIN_MS = 30_000;
/** Nobody's promise is waited for longer without a byte. */
export const UNDELIVERED_MAXIMUM_MS = 24 * 60 * 60_000;

type Custodian = { readonly account: number; readonly isOnline: boolean; readonly bundleBytes: number };

export type Search = {
  readonly askedAccount: number | null;
  /** When it was asked, or when its last part came. */
  readonly askedMs: number;
  /** Asked in this round, without success. */
  readonly triedAccounts: readonly number[];
  /** When a custodian was last online. */
  readonly seenMs: number;
  /** When the search began, or when bytes last came. */
  readonly progressMs: number;
};

export type Situation = {
  readonly custodians: readonly Custodian[];
  /** How long all custodians may be away before the bundle counts as lost. */
  readonly absenceMs: number;
};

export type Step = { readonly search: Search; readonly ask: number | null; readonly isLost: boolean };

export function newSearch(nowMs: number): Search {
  return { askedAccount: null, askedMs: nowMs, triedAccounts: [], seenMs: nowMs, progressMs: nowMs };
}

/** A part of the bundle has come: whoever sends it gets its time anew. */
export function withProgress(search: Search, nowMs: number): Search {
  return { ...search, askedMs: nowMs, progressMs: nowMs };
}

/** The next step: wait for the one asked, ask another or the same again, wait for one to come back, or give up. */
export function nextAsk(before: Search, { custodians, absenceMs }: Situation, nowMs: number): Step {
  const online = custodians.filter(({ isOnline }) => isOnline);
  const search = online.length > 0 ? { ...before, seenMs: nowMs } : before;
  const isLost = nowMs >= search.seenMs + absenceMs || nowMs >= search.progressMs + UNDELIVERED_MAXIMUM_MS;
  const asked = custodians.find(({ account }) => account === search.askedAccount);
  const isInTime = asked?.isOnline && nowMs < search.askedMs + BEGIN_MS + asked.bundleBytes * MS_PER_BYTE;
  if (isInTime || isLost) return { search, ask: null, isLost };
  const triedAccounts = asked?.isOnline ? [...new Set([...search.triedAccounts, asked.account])] : search.triedAccounts;
  const isTried = ({ account }: Custodian): boolean => triedAccounts.includes(account);
  const untried = online.find((custodian) => !isTried(custodian));
  const ask = (untried ?? online[0])?.account ?? null;
  return {
    search: { ...search, askedAccount: ask, askedMs: nowMs, triedAccounts: untried ? triedAccounts : [] },
    ask,
    isLost: false,
  };
}
