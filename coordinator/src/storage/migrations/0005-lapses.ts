// Version 5: leases that ran out are nobody's failure. What a host may have after one, and units that are held because they only ever run out.
import type { Migration } from './migration.js';

export const lapsesMigration: Migration = {
  version: 5,
  sql: `
-- allowance: units of leases granted since allowance_since_ms that it may have; null: its usual number. delivered_lease: the newest lease that it handed in a
-- result of. network: a keyed hash of the prefix of the address that it last came from; empty: not known yet.
ALTER TABLE host ADD COLUMN allowance INTEGER;
ALTER TABLE host ADD COLUMN allowance_since_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE host ADD COLUMN delivered_lease INTEGER NOT NULL DEFAULT 0;
ALTER TABLE host ADD COLUMN network TEXT NOT NULL DEFAULT '';

-- Units that ran out, by account: on which of its hosts last, under which lease, how often.
CREATE TABLE lapse (
  unit_id INTEGER NOT NULL,
  account_row_id INTEGER NOT NULL,
  host_row_id INTEGER NOT NULL,
  lease_row_id INTEGER NOT NULL,
  network TEXT NOT NULL,
  times INTEGER NOT NULL,
  PRIMARY KEY (unit_id, account_row_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX lapse_host ON lapse(host_row_id);

-- unit.phase 4: held. Part of those that wait.
CREATE INDEX unit_held ON unit(id) WHERE phase = 4;
ALTER TABLE batch_work ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
ALTER TABLE project_work ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
-- Who holds how much of a batch.
CREATE INDEX lease_batch ON lease(batch_row_id, host_row_id) WHERE open_units > 0;

-- Until now a lease that ran out counted as a failure of its host, and nothing tells such a one from a real one: waits are forgiven, and of the failures
-- those stay that replicas still show.
CREATE TEMP TABLE failing AS SELECT host_row_id, sum(failures) AS failures FROM replica WHERE failures > 0 GROUP BY 1;
CREATE UNIQUE INDEX temp.failing_host ON failing(host_row_id);
UPDATE host SET failure_streak = 0, work_not_before_ms = 0,
  failed_replicas = min(failed_replicas, coalesce((SELECT failures FROM failing WHERE failing.host_row_id = host.id), 0));
DROP TABLE failing;
-- It took an attempt of its unit as well. What is left: replicas that run, spoke or failed.
UPDATE unit SET attempts = min(attempts, open_replicas + host_failures
    + (SELECT count(*) FROM replica WHERE replica.unit_id = unit.id AND state IN (1, 2)))
  WHERE phase = 0;
UPDATE unit SET wanted = max(0, min(2 * quorum + 4 - attempts, quorum - open_replicas - coalesce(
    (SELECT max(votes) FROM (SELECT count(*) AS votes FROM replica WHERE replica.unit_id = unit.id AND state IN (1, 2) GROUP BY digest, fuel)), 0)))
  FROM batch_work WHERE batch_row_id = unit.id / 1048576 AND phase = 0;
`,
};
