// Version 7: what a batch remembers of the quorums that it had before; what an account has leased is no longer kept twice.
import type { Migration } from './migration.js';

export const quorumsMigration: Migration = {
  version: 7,
  sql: `
-- lowest_quorum: the lowest of the earlier quorums that units were accepted under; null: none were. accepted_before: units accepted under all earlier ones.
-- Of a change before this version nothing is known: such a batch is shown by its quorum of now.
ALTER TABLE batch_work ADD COLUMN lowest_quorum INTEGER;
ALTER TABLE batch_work ADD COLUMN accepted_before INTEGER NOT NULL DEFAULT 0;

-- The leases themselves tell it.
DROP INDEX batch_hand_rank;
DROP INDEX project_hand_rank;
ALTER TABLE batch_hand DROP COLUMN running;
ALTER TABLE project_hand DROP COLUMN running;
CREATE INDEX batch_hand_rank ON batch_hand(batch_row_id, accepted) WHERE accepted > 0 OR answered > 0;
CREATE INDEX project_hand_rank ON project_hand(project_row_id, accepted) WHERE accepted > 0 OR answered > 0;
`,
};
