// Version 4: how units ended, what a project says of itself, who helps and how fast a batch went: kept as they grow, so that no page counts rows.
import type { Migration } from './migration.js';

export const storiesMigration: Migration = {
  version: 4,
  sql: `
-- Units whose phase is failed although they never failed: they were ended with their batch. Part of failed.
ALTER TABLE batch_work ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batch_work ADD COLUMN expired INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batch_work ADD COLUMN stopped INTEGER NOT NULL DEFAULT 0;
CREATE TEMP TABLE ended AS SELECT id / 1048576 AS batch_row_id, code, count(*) AS units FROM unit
  WHERE phase = 3 AND code IN ('MH-VAL-004', 'MH-VAL-005', 'MH-VAL-006') GROUP BY 1, 2;
UPDATE batch_work SET
  cancelled = coalesce((SELECT units FROM ended WHERE ended.batch_row_id = batch_work.batch_row_id AND code = 'MH-VAL-004'), 0),
  expired = coalesce((SELECT units FROM ended WHERE ended.batch_row_id = batch_work.batch_row_id AND code = 'MH-VAL-005'), 0),
  stopped = coalesce((SELECT units FROM ended WHERE ended.batch_row_id = batch_work.batch_row_id AND code = 'MH-VAL-006'), 0)
  WHERE failed > 0;
DROP TABLE ended;
-- Of batches whose units were removed only the reason is known: it holds for all that did not fail before, which nobody can tell any more.
UPDATE batch_work SET
  cancelled = CASE ended_code WHEN 'MH-VAL-004' THEN failed ELSE 0 END,
  expired = CASE ended_code WHEN 'MH-VAL-005' THEN failed ELSE 0 END,
  stopped = CASE ended_code WHEN 'MH-VAL-006' THEN failed ELSE 0 END
  WHERE batch_row_id IN (SELECT id FROM batch WHERE removed_at_ms IS NOT NULL) AND ended_code IS NOT NULL;
-- The same condition must stand in the question, or SQLite does not use it.
CREATE INDEX unit_failed ON unit(id) WHERE phase = 3 AND code NOT IN ('MH-VAL-004', 'MH-VAL-005', 'MH-VAL-006');

-- What the owner signed about the project after its genesis. Empty: not stated.
ALTER TABLE project ADD COLUMN input_licence TEXT NOT NULL DEFAULT '';
ALTER TABLE project ADD COLUMN result_licence TEXT NOT NULL DEFAULT '';
ALTER TABLE project ADD COLUMN contact TEXT NOT NULL DEFAULT '';
ALTER TABLE project ADD COLUMN run_by TEXT NOT NULL DEFAULT '';
ALTER TABLE project ADD COLUMN texts_sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE project ADD COLUMN texts BLOB;
-- Pending, and active as soon as its facts are stated.
ALTER TABLE project ADD COLUMN is_invited INTEGER NOT NULL DEFAULT 0;
UPDATE project SET is_invited = 1 WHERE id IN (SELECT project_row_id FROM invitation);

-- Sums over the batches of a project, who took units of it, and when something last happened.
CREATE TABLE project_work (
  project_row_id INTEGER PRIMARY KEY,
  total INTEGER NOT NULL DEFAULT 0,
  running INTEGER NOT NULL DEFAULT 0,
  checking INTEGER NOT NULL DEFAULT 0,
  accepted INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  cancelled INTEGER NOT NULL DEFAULT 0,
  expired INTEGER NOT NULL DEFAULT 0,
  stopped INTEGER NOT NULL DEFAULT 0,
  people INTEGER NOT NULL DEFAULT 0,
  last_activity_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX project_work_activity ON project_work(last_activity_ms, project_row_id);

-- What an account did for a batch, and for a project: computers that took units; units leased now; answered and not settled yet; accepted.
CREATE TABLE batch_hand (
  batch_row_id INTEGER NOT NULL,
  account_row_id INTEGER NOT NULL,
  hosts INTEGER NOT NULL DEFAULT 0,
  running INTEGER NOT NULL DEFAULT 0,
  answered INTEGER NOT NULL DEFAULT 0,
  accepted INTEGER NOT NULL DEFAULT 0,
  credit_milli INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (batch_row_id, account_row_id)
) STRICT, WITHOUT ROWID;
-- Those whom pages show. The same condition must stand in the question, as above.
CREATE INDEX batch_hand_rank ON batch_hand(batch_row_id, accepted) WHERE accepted > 0 OR answered > 0 OR running > 0;
CREATE TABLE project_hand (
  project_row_id INTEGER NOT NULL,
  account_row_id INTEGER NOT NULL,
  hosts INTEGER NOT NULL DEFAULT 0,
  running INTEGER NOT NULL DEFAULT 0,
  answered INTEGER NOT NULL DEFAULT 0,
  accepted INTEGER NOT NULL DEFAULT 0,
  credit_milli INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (project_row_id, account_row_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX project_hand_rank ON project_hand(project_row_id, accepted) WHERE accepted > 0 OR answered > 0 OR running > 0;
CREATE INDEX project_hand_account ON project_hand(account_row_id);
-- Computers that took units, so that each counts once.
CREATE TABLE batch_host (
  batch_row_id INTEGER NOT NULL,
  account_row_id INTEGER NOT NULL,
  host_row_id INTEGER NOT NULL,
  PRIMARY KEY (batch_row_id, account_row_id, host_row_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE project_host (
  project_row_id INTEGER NOT NULL,
  account_row_id INTEGER NOT NULL,
  host_row_id INTEGER NOT NULL,
  PRIMARY KEY (project_row_id, account_row_id, host_row_id)
) STRICT, WITHOUT ROWID;

-- Accepted units over the life of a batch in intervals that grow with it. counts: JSON pairs of interval and units.
CREATE TABLE batch_story (
  batch_row_id INTEGER PRIMARY KEY,
  first_ms INTEGER NOT NULL,
  interval_ms INTEGER NOT NULL,
  counts TEXT NOT NULL
) STRICT;

-- All of it for what was there before, once.
INSERT OR IGNORE INTO batch_host SELECT batch_row_id, account_row_id, host_row_id FROM lease;
INSERT OR IGNORE INTO batch_host SELECT batch_row_id, account_row_id, host_row_id FROM balance;
INSERT INTO batch_hand (batch_row_id, account_row_id, hosts) SELECT batch_row_id, account_row_id, count(*) FROM batch_host GROUP BY 1, 2;
INSERT INTO batch_hand (batch_row_id, account_row_id, accepted, credit_milli)
  SELECT batch_row_id, account_row_id, sum(replicas), sum(credit_milli) FROM balance GROUP BY 1, 2
  ON CONFLICT DO UPDATE SET accepted = excluded.accepted, credit_milli = excluded.credit_milli;
INSERT INTO batch_hand (batch_row_id, account_row_id, running)
  SELECT batch_row_id, account_row_id, sum(open_units) FROM lease WHERE open_units > 0 GROUP BY 1, 2
  ON CONFLICT DO UPDATE SET running = excluded.running;
INSERT INTO batch_hand (batch_row_id, account_row_id, answered)
  SELECT unit.id / 1048576, replica.account_row_id, count(*) FROM unit JOIN replica ON replica.unit_id = unit.id
  WHERE unit.phase < 2 AND replica.state IN (1, 2) GROUP BY 1, 2
  ON CONFLICT DO UPDATE SET answered = excluded.answered;
INSERT OR IGNORE INTO project_host SELECT project_row_id, account_row_id, host_row_id FROM batch_host JOIN batch_work USING (batch_row_id);
INSERT INTO project_hand (project_row_id, account_row_id, running, answered, accepted, credit_milli)
  SELECT project_row_id, account_row_id, sum(batch_hand.running), sum(answered), sum(batch_hand.accepted), sum(credit_milli)
  FROM batch_hand JOIN batch_work USING (batch_row_id) GROUP BY 1, 2;
UPDATE project_hand SET hosts = (SELECT count(*) FROM project_host
  WHERE project_host.project_row_id = project_hand.project_row_id AND project_host.account_row_id = project_hand.account_row_id);

CREATE TEMP TABLE ladder (ms INTEGER PRIMARY KEY);
INSERT INTO ladder VALUES (1000), (2000), (10000), (30000), (60000), (120000), (600000), (1800000), (3600000), (7200000), (21600000), (43200000),
  (86400000), (172800000), (345600000), (691200000), (1382400000), (2764800000), (5529600000), (11059200000), (22118400000), (44236800000);
CREATE TEMP TABLE span AS SELECT batch_row_id, min(settled_ms) AS first_ms, max(settled_ms) AS last_ms FROM outcome WHERE is_accepted = 1 GROUP BY 1;
CREATE TEMP TABLE chosen AS SELECT batch_row_id, first_ms - first_ms % ms AS first_ms, ms FROM span JOIN ladder
  ON ms = (SELECT min(ms) FROM ladder WHERE (last_ms - (first_ms - first_ms % ms)) / ms < 60);
INSERT INTO batch_story SELECT batch_row_id, first_ms, ms, json_group_array(json_array(at, units)) FROM
  (SELECT outcome.batch_row_id, first_ms, ms, (settled_ms - first_ms) / ms AS at, count(*) AS units FROM outcome JOIN chosen USING (batch_row_id)
   WHERE is_accepted = 1 GROUP BY 1, 4 ORDER BY 1, 4) GROUP BY batch_row_id;
DROP TABLE chosen;
DROP TABLE span;
DROP TABLE ladder;

INSERT INTO project_work (project_row_id, last_activity_ms) SELECT id, created_at_ms FROM project;
INSERT INTO project_work (project_row_id, total, running, checking, accepted, failed, cancelled, expired, stopped)
  SELECT project_row_id, sum(unit_count), sum(running), sum(checking), sum(accepted), sum(failed), sum(cancelled), sum(expired), sum(stopped)
  FROM batch_work WHERE TRUE GROUP BY 1
  ON CONFLICT DO UPDATE SET total = excluded.total, running = excluded.running, checking = excluded.checking, accepted = excluded.accepted,
    failed = excluded.failed, cancelled = excluded.cancelled, expired = excluded.expired, stopped = excluded.stopped;
UPDATE project_work SET people = (SELECT count(*) FROM project_hand WHERE project_hand.project_row_id = project_work.project_row_id);
UPDATE project_work SET last_activity_ms = max(last_activity_ms,
  coalesce((SELECT max(submitted_at_ms) FROM batch WHERE batch.project_row_id = project_work.project_row_id), 0),
  coalesce((SELECT max(completed_at_ms) FROM batch WHERE batch.project_row_id = project_work.project_row_id), 0),
  coalesce((SELECT max(start_ms) FROM throughput WHERE throughput.project_row_id = project_work.project_row_id), 0));
`,
};
