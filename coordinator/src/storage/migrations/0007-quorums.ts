// Version 7: what a batch remembers of the quorums that it had before.
import type { Migration } from './index.js';

export const quorumsMigration: Migration = {
  version: 7,
  sql: `
-- lowest_quorum: the lowest of the earlier quorums that units were accepted under; null: none were. accepted_before: units accepted under all earlier ones.
-- Of a change before this version nothing is known: such a batch is shown by its quorum of now.
ALTER TABLE batch_work ADD COLUMN lowest_quorum INTEGER;
ALTER TABLE batch_work ADD COLUMN accepted_before INTEGER NOT NULL DEFAULT 0;
`,
};
