// What one transaction changes of who helps and how fast it goes, gathered and written at its end.
import type { HandDelta, Owner } from '../../storage/sqlite/stories.js';
import { batchOfUnit } from '../../storage/sqlite/units.js';
import { countAt } from '../domain/histogram.js';
import type { CoreStore } from '../ports/core-store.js';
import { isSettled, isVote, type UnitState } from './domain/unit-state.js';
import type { UnitEntry } from './unit-entry.js';

type Taken = { batchRowId: number; accountRowId: number; hostRowId: number };
type Earned = { batchRowId: number; accountRowId: number; replicas: number; creditMilli: number };

export class StoryBook {
  private readonly hands = new Map<number, Map<number, HandDelta>>();
  private readonly accepted = new Map<number, number>();
  private readonly takers: Taken[] = [];

  constructor(
    private readonly store: CoreStore,
    private readonly projectOf: (batchRowId: number) => number,
  ) {}

  /** A computer leased units. */
  leased(taken: Taken): void {
    this.takers.push(taken);
  }

  earned({ batchRowId, accountRowId, replicas, creditMilli }: Earned): void {
    const hand = this.hand(batchRowId, accountRowId);
    hand.accepted += replicas;
    hand.creditMilli += creditMilli;
  }

  acceptedUnits(batchRowId: number, count: number): void {
    this.accepted.set(batchRowId, (this.accepted.get(batchRowId) ?? 0) + count);
  }

  /** Answers wait while their unit is not settled. */
  changed({ id, before, state }: UnitEntry): void {
    const batchRowId = batchOfUnit(id);
    this.countAnswers(batchRowId, before, -1);
    this.countAnswers(batchRowId, state, 1);
  }

  private countAnswers(batchRowId: number, state: UnitState, by: 1 | -1): void {
    if (isSettled(state)) return;
    for (const replica of state.replicas) if (isVote(replica)) this.hand(batchRowId, replica.account).answered += by;
  }

  /** Writes it down. Returns accounts that are new to their projects. */
  write(nowMs: number): { projectRowId: number; accountRowId: number }[] {
    const newHands = this.takers.flatMap((taken) => {
      const owner = this.owner(taken.batchRowId, taken.accountRowId);
      return this.store.stories.addHost(owner, taken.hostRowId) ? [owner] : [];
    });
    for (const [batchRowId, hands] of this.hands)
      for (const [accountRowId, delta] of hands)
        this.store.stories.changeHand(this.owner(batchRowId, accountRowId), delta);
    for (const [batchRowId, count] of this.accepted)
      this.store.stories.setHistogram(batchRowId, countAt(this.store.stories.histogram(batchRowId), nowMs, count));
    return newHands;
  }

  private owner(batchRowId: number, accountRowId: number): Owner {
    return { batchRowId, projectRowId: this.projectOf(batchRowId), accountRowId };
  }

  private hand(batchRowId: number, accountRowId: number): HandDelta {
    let hands = this.hands.get(batchRowId);
    if (!hands) {
      hands = new Map();
      this.hands.set(batchRowId, hands);
    }
    let hand = hands.get(accountRowId);
    if (!hand) {
      hand = { answered: 0, accepted: 0, creditMilli: 0 };
      hands.set(accountRowId, hand);
    }
    return hand;
  }
}
