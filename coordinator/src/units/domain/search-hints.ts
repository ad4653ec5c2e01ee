// Where to begin the search for a unit that an account may lease, so that units it already did are not read again.
// Exact, never a guess: below a hint nothing is eligible for the account, because every event that reopens a unit lowers the hints.

/** Lower bounds by batch and account. Unknown pairs begin at 0. */
export class SearchHints {
  private readonly batches = new Map<number, Map<number, number>>();

  /** The first index of the batch that may be eligible for the account. */
  firstIndex(batchRowId: number, account: number): number {
    return this.batches.get(batchRowId)?.get(account) ?? 0;
  }

  /** After a search: nothing below `index` is eligible for the account. */
  raise(batchRowId: number, account: number, index: number): void {
    let accounts = this.batches.get(batchRowId);
    if (!accounts) {
      accounts = new Map();
      this.batches.set(batchRowId, accounts);
    }
    accounts.set(account, index);
  }

  /** The unit at `index` has become eligible for some account. */
  reopen(batchRowId: number, index: number): void {
    const accounts = this.batches.get(batchRowId);
    if (!accounts) return;
    for (const [account, hint] of accounts) if (hint > index) accounts.set(account, index);
  }

  /** The batch has ended, or memory must not be trusted (null: all batches): begin at 0 again. */
  forget(batchRowId: number | null): void {
    if (batchRowId === null) this.batches.clear();
    else this.batches.delete(batchRowId);
  }
}
