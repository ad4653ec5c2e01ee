// Version 9: a host key and a network count once for a unit, whatever account they name. How long leases may last, and what accepted units took.
import type { Migration } from './migration.js';

export const partiesMigration: Migration = {
  version: 9,
  sql: `
-- network: a keyed hash of the network that the host came from when it was granted, as a number; 0: one in which computers are independent of each other,
-- or not known, as for all that was leased before this version. is_overdue: runs for so long that somebody else may have the unit too.
ALTER TABLE replica ADD COLUMN network INTEGER NOT NULL DEFAULT 0;
ALTER TABLE replica ADD COLUMN is_overdue INTEGER NOT NULL DEFAULT 0;
-- overdue_ms: its units are offered to others from then on; null: they are already. away_ms: how long the coordinator was away meanwhile.
-- progress: what its host said last of how far it came.
ALTER TABLE lease ADD COLUMN network INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lease ADD COLUMN overdue_ms INTEGER;
ALTER TABLE lease ADD COLUMN away_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lease ADD COLUMN progress INTEGER NOT NULL DEFAULT 0;
UPDATE lease SET overdue_ms = granted_ms + duration_ms WHERE open_units > 0;
-- JSON of [ms, fuel] of some of its accepted units.
ALTER TABLE batch_work ADD COLUMN pace TEXT NOT NULL DEFAULT '[]';

-- One host that spoke for a unit under several accounts had several votes: the first one stays, as long as the unit is open.
CREATE TEMP TABLE twin AS SELECT replica.unit_id, replica.account_row_id, CASE WHEN EXISTS (SELECT 1 FROM replica AS other
    WHERE other.unit_id = replica.unit_id AND other.account_row_id <> replica.account_row_id AND other.bundle_id = replica.bundle_id) THEN NULL
    ELSE replica.bundle_id END AS bundle_id
  FROM replica JOIN unit ON unit.id = replica.unit_id
  WHERE unit.phase IN (0, 4) AND replica.state IN (1, 2) AND EXISTS (SELECT 1 FROM replica AS other WHERE other.unit_id = replica.unit_id
    AND other.host_row_id = replica.host_row_id AND other.account_row_id < replica.account_row_id AND other.state IN (1, 2));
DELETE FROM bundle WHERE id IN (SELECT bundle_id FROM twin WHERE bundle_id > 0);
UPDATE replica SET state = 4, digest = NULL, bundle_bytes = NULL, bundle_id = NULL, fuel = NULL
  WHERE (unit_id, account_row_id) IN (SELECT unit_id, account_row_id FROM twin);
UPDATE unit SET attempts = attempts - (SELECT count(*) FROM twin WHERE twin.unit_id = unit.id) WHERE id IN (SELECT unit_id FROM twin);
UPDATE unit SET wanted = max(0, min(2 * quorum + 4 - attempts, quorum - open_replicas - coalesce(
    (SELECT max(votes) FROM (SELECT count(*) AS votes FROM replica WHERE replica.unit_id = unit.id AND state IN (1, 2) GROUP BY digest, fuel)), 0)))
  FROM batch_work WHERE batch_row_id = unit.id / 1048576 AND phase = 0 AND unit.id IN (SELECT unit_id FROM twin);
CREATE TEMP TABLE taken_back AS SELECT batch_row_id, project_row_id, account_row_id, count(*) AS answers
  FROM twin JOIN batch_work ON batch_row_id = unit_id / 1048576 GROUP BY 1, 2, 3;
UPDATE batch_hand SET answered = answered - answers FROM taken_back
  WHERE taken_back.batch_row_id = batch_hand.batch_row_id AND taken_back.account_row_id = batch_hand.account_row_id;
UPDATE project_hand SET answered = answered - answers
  FROM (SELECT project_row_id, account_row_id, sum(answers) AS answers FROM taken_back GROUP BY 1, 2) AS taken
  WHERE taken.project_row_id = project_hand.project_row_id AND taken.account_row_id = project_hand.account_row_id;
DROP TABLE taken_back;
DROP TABLE twin;
`,
};
