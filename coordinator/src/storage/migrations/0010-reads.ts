// Version 10: what lists and pages show is kept as it grows: facts of results, sums of credit, counts of accounts, hosts and blocks.
import type { Migration } from './migration.js';

export const readsMigration: Migration = {
  version: 10,
  sql: `
-- What lists show of a result: its exit code, and where its standard output lies in the bundle. Null: not noted yet (see progress).
ALTER TABLE bundle ADD COLUMN exit_code INTEGER;
ALTER TABLE bundle ADD COLUMN stdout_at INTEGER;
ALTER TABLE bundle ADD COLUMN stdout_bytes INTEGER;
-- The same of bundles that are files, which go by their digest. stdout: null when it is too long for a list.
CREATE TABLE large_result (digest BLOB PRIMARY KEY, exit_code INTEGER NOT NULL, stdout BLOB) STRICT, WITHOUT ROWID;

-- How far work in the background has come. bundles: facts are noted of rows from this id on; result-files: of this many of the 256 folders;
-- ledger: rows up to this id are in the sums below.
CREATE TABLE progress (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO progress SELECT 'bundles', coalesce(max(id), 0) + 1 FROM bundle;
INSERT INTO progress SELECT 'result-files', CASE WHEN EXISTS (SELECT 1 FROM outcome) THEN 0 ELSE 256 END;
INSERT INTO progress VALUES ('ledger', 0);

-- Credit granted for a batch, and for a project.
ALTER TABLE batch_work ADD COLUMN granted_milli INTEGER NOT NULL DEFAULT 0;
UPDATE batch_work SET granted_milli =
  coalesce((SELECT sum(balance.credit_milli) FROM balance WHERE balance.batch_row_id = batch_work.batch_row_id), 0);
ALTER TABLE project_work ADD COLUMN granted_milli INTEGER NOT NULL DEFAULT 0;
UPDATE project_work SET granted_milli =
  coalesce((SELECT sum(batch_work.granted_milli) FROM batch_work WHERE batch_work.project_row_id = project_work.project_row_id), 0);

-- Sums of the ledger by account and host: of all time, and of the hours that count as recent (so many of them have any).
CREATE TABLE earned (
  account_row_id INTEGER NOT NULL,
  host_row_id INTEGER NOT NULL,
  credit_milli INTEGER NOT NULL DEFAULT 0,
  replicas INTEGER NOT NULL DEFAULT 0,
  recent_milli INTEGER NOT NULL DEFAULT 0,
  recent_replicas INTEGER NOT NULL DEFAULT 0,
  recent_hours INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account_row_id, host_row_id)
) STRICT, WITHOUT ROWID;
-- Of each hour that counts as recent (hours since 1970), so that it can be taken off again.
CREATE TABLE earned_hour (
  hour INTEGER NOT NULL,
  account_row_id INTEGER NOT NULL,
  host_row_id INTEGER NOT NULL,
  credit_milli INTEGER NOT NULL DEFAULT 0,
  replicas INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (hour, account_row_id, host_row_id)
) STRICT, WITHOUT ROWID;
-- Sums over the rows of earned. kind: 0 by account, 1 by host. pairs, recent_pairs: how many rows, and how many of them have a recent hour.
CREATE TABLE ranking (
  kind INTEGER NOT NULL,
  subject_row_id INTEGER NOT NULL,
  credit_milli INTEGER NOT NULL DEFAULT 0,
  replicas INTEGER NOT NULL DEFAULT 0,
  pairs INTEGER NOT NULL DEFAULT 0,
  recent_milli INTEGER NOT NULL DEFAULT 0,
  recent_replicas INTEGER NOT NULL DEFAULT 0,
  recent_pairs INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, subject_row_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX ranking_total ON ranking(kind, credit_milli, replicas);
-- The same condition must stand in the question, or SQLite does not use it.
CREATE INDEX ranking_recent ON ranking(kind, recent_milli, recent_replicas) WHERE recent_pairs > 0;

-- Counts and sums over whole tables, which no question has to walk through.
CREATE TABLE tally (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO tally SELECT 'accounts', count(*) FROM account WHERE deleted_at_ms IS NULL;
INSERT INTO tally SELECT 'hosts', count(*) FROM host;
INSERT INTO tally SELECT 'from-peers-bytes', coalesce(sum(from_peers_bytes), 0) FROM host;
INSERT INTO tally SELECT 'from-origin-bytes', coalesce(sum(from_origin_bytes), 0) FROM host;
INSERT INTO tally SELECT 'blocks', count(*) FROM block;
INSERT INTO tally SELECT 'block-bytes', coalesce(sum(size_bytes), 0) FROM block;
CREATE TRIGGER tally_new_account AFTER INSERT ON account WHEN NEW.deleted_at_ms IS NULL BEGIN
  UPDATE tally SET value = value + 1 WHERE name = 'accounts';
END;
CREATE TRIGGER tally_deleted_account AFTER UPDATE OF deleted_at_ms ON account WHEN OLD.deleted_at_ms IS NULL AND NEW.deleted_at_ms IS NOT NULL BEGIN
  UPDATE tally SET value = value - 1 WHERE name = 'accounts';
END;
CREATE TRIGGER tally_new_host AFTER INSERT ON host BEGIN UPDATE tally SET value = value + 1 WHERE name = 'hosts'; END;
CREATE TRIGGER tally_transfer AFTER UPDATE OF from_peers_bytes, from_origin_bytes ON host BEGIN
  UPDATE tally SET value = value + NEW.from_peers_bytes - OLD.from_peers_bytes WHERE name = 'from-peers-bytes';
  UPDATE tally SET value = value + NEW.from_origin_bytes - OLD.from_origin_bytes WHERE name = 'from-origin-bytes';
END;
CREATE TRIGGER tally_new_block AFTER INSERT ON block BEGIN
  UPDATE tally SET value = value + 1 WHERE name = 'blocks';
  UPDATE tally SET value = value + NEW.size_bytes WHERE name = 'block-bytes';
END;
CREATE TRIGGER tally_removed_block AFTER DELETE ON block BEGIN
  UPDATE tally SET value = value - 1 WHERE name = 'blocks';
  UPDATE tally SET value = value - OLD.size_bytes WHERE name = 'block-bytes';
END;

-- The operator's list of hosts.
CREATE INDEX host_seen ON host(last_seen_ms, id);

-- Whose key signed a call that only reads.
CREATE INDEX project_owner ON project(owner_key);
`,
};
