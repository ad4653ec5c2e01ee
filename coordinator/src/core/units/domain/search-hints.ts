// Where to begin the search for a unit that a party may lease, so that units it already did are not read again.
// Exact, never a guess: below a hint nothing is eligible for the party, because every event that reopens a unit lowers the hints.
import type { Party } from './unit-state.js';

/** Lower bounds by batch and party. Unknown pairs begin at 0. */
export class SearchHints {
  private readonly batches = new Map<number, Map<string, number>>();

  /** The first index of the batch that may be eligible for the party. */
  firstIndex(batchRowId: number, party: Party): number {
    return this.batches.get(batchRowId)?.get(keyOf(party)) ?? 0;
  }

  /** After a search: nothing below `index` is eligible for the party. */
  raise(batchRowId: number, party: Party, index: number): void {
    let parties = this.batches.get(batchRowId);
    if (!parties) {
      parties = new Map();
      this.batches.set(batchRowId, parties);
    }
    parties.set(keyOf(party), index);
  }

  /** The unit at `index` has become eligible for somebody. */
  reopen(batchRowId: number, index: number): void {
    const parties = this.batches.get(batchRowId);
    if (!parties) return;
    for (const [party, hint] of parties) if (hint > index) parties.set(party, index);
  }

  /** The batch has ended, or memory must not be trusted (null: all batches): begin at 0 again. */
  forget(batchRowId: number | null): void {
    if (batchRowId === null) this.batches.clear();
    else this.batches.delete(batchRowId);
  }
}

function keyOf({ account, host, network }: Party): string {
  return `${account} ${host} ${network}`;
}
