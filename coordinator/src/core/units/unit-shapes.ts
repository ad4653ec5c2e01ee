// What the services of units are asked, and what they answer.
import type { Outcome, Unit, UnitCounts, UnitState } from '@manyhands/contract';

/** What the core makes of a batch's units at submission. */
export type NewBatchUnits = {
  readonly batchRowId: number;
  readonly projectRowId: number;
  readonly unitCount: number;
  readonly quorum: number;
};

/** An outcome without what only the manifest knows. */
export type UnitOutcome = Omit<Outcome, 'name'>;

export type UnitView = Omit<Unit, 'name'>;

export type BatchSummary = {
  readonly counts: UnitCounts;
  /** Every unit is accepted or failed. */
  readonly isComplete: boolean;
  /** Why the open units were ended; null: they were not. */
  readonly endedCode: string | null;
  /** No unit was or will be accepted from one account alone: a quorum that was raised does not reach back. */
  readonly isVerified: boolean;
  readonly replicas: { readonly leased: number; readonly reported: number; readonly agreed: number };
  readonly creditMilli: number;
};

/** `hasStdout`: with short outputs. */
export type OutcomesQuery = { after: number; limit: number; hasStdout?: boolean };

export type UnitsQuery = { state?: UnitState | 'held' | undefined; after: number; limit: number };
