// What the parts of one transaction over units share.

import type { BatchDelta, BatchWorkRow } from '../../storage/sqlite/units.js';
import type { BatchTerms } from '../ports/batch-directory.js';
import type { BundleBook } from './bundle-book.js';
import type { SearchHints } from './domain/search-hints.js';
import type { StoryBook } from './story-book.js';

export type ChangeContext = {
  readonly nowMs: number;
  /** Undefined for a batch of an older engine. */
  readonly terms: (batchRowId: number) => BatchTerms | undefined;
  readonly hints: SearchHints;
  /** Of units that are leased apart from the others. */
  readonly hintsApart: SearchHints;
};

/** The counters of batches, as found and as changed. */
export type BatchBook = {
  batch(batchRowId: number): BatchWorkRow;
  delta(batchRowId: number): BatchDelta;
  takeSequences(batchRowId: number, count: number): number;
  readonly bundles: BundleBook;
  readonly story: StoryBook;
};
