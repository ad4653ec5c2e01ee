// Version 2: hosts, units with their replicas, leases and receipts, results, credit.
import type { Migration } from './migration.js';

export const unitsMigration: Migration = {
  version: 2,
  sql: `
-- One machine with one key. account_row_id is null until the host's first welcome and after its account was deleted.
CREATE TABLE host (
  id INTEGER PRIMARY KEY,
  host_id TEXT NOT NULL UNIQUE,
  public_key BLOB NOT NULL,
  pseudonym TEXT NOT NULL UNIQUE,
  account_row_id INTEGER,
  cores INTEGER NOT NULL DEFAULT 1,
  memory_bytes INTEGER NOT NULL DEFAULT 0,
  platform TEXT NOT NULL DEFAULT '',
  arch TEXT NOT NULL DEFAULT '',
  engine TEXT NOT NULL DEFAULT '',
  is_banned INTEGER NOT NULL DEFAULT 0,
  ban_reason TEXT NOT NULL DEFAULT '',
  first_seen_ms INTEGER NOT NULL,
  last_seen_ms INTEGER NOT NULL,
  accepted_replicas INTEGER NOT NULL DEFAULT 0,
  disagreed_replicas INTEGER NOT NULL DEFAULT 0,
  failed_replicas INTEGER NOT NULL DEFAULT 0,
  failure_streak INTEGER NOT NULL DEFAULT 0,
  work_not_before_ms INTEGER NOT NULL DEFAULT 0,
  from_peers_bytes INTEGER NOT NULL DEFAULT 0,
  from_origin_bytes INTEGER NOT NULL DEFAULT 0,
  to_peers_bytes INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX host_account ON host(account_row_id);

-- What a batch is as a set of units. Units from fresh_index on were never leased and have no rows yet.
CREATE TABLE batch_work (
  batch_row_id INTEGER PRIMARY KEY,
  project_row_id INTEGER NOT NULL,
  unit_count INTEGER NOT NULL,
  quorum INTEGER NOT NULL,
  fresh_index INTEGER NOT NULL DEFAULT 0,
  next_sequence INTEGER NOT NULL DEFAULT 0,
  running INTEGER NOT NULL DEFAULT 0,
  checking INTEGER NOT NULL DEFAULT 0,
  accepted INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  replicas_leased INTEGER NOT NULL DEFAULT 0,
  replicas_reported INTEGER NOT NULL DEFAULT 0,
  replicas_agreed INTEGER NOT NULL DEFAULT 0,
  ended_code TEXT
) STRICT;
CREATE INDEX batch_work_project ON batch_work(project_row_id);

-- id = batch_row_id * 2^20 + unit index. phase: 0 open, 1 agreed, 2 accepted, 3 failed. wanted: replicas that may be leased now.
-- canonical_account: the account whose replica carries the agreed digest (and, when accepted, the bundle).
CREATE TABLE unit (
  id INTEGER PRIMARY KEY,
  phase INTEGER NOT NULL,
  wanted INTEGER NOT NULL,
  open_replicas INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  host_failures INTEGER NOT NULL,
  canonical_account INTEGER,
  code TEXT
) STRICT;
CREATE INDEX unit_wanted ON unit(id) WHERE wanted > 0;
CREATE INDEX unit_agreed ON unit(id) WHERE phase = 1;

-- The one replica that an account has or had of a unit.
-- state: 0 running, 1 succeeded, 2 unit failure, 3 host failure, 4 expired, 5 returned.
CREATE TABLE replica (
  unit_id INTEGER NOT NULL,
  account_row_id INTEGER NOT NULL,
  host_row_id INTEGER NOT NULL,
  lease_row_id INTEGER NOT NULL,
  state INTEGER NOT NULL,
  digest BLOB,
  bundle_bytes INTEGER,
  bundle_id INTEGER,
  elapsed_ms INTEGER,
  failures INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (unit_id, account_row_id)
) STRICT, WITHOUT ROWID;

-- What a failed replica said.
CREATE TABLE replica_failure (
  unit_id INTEGER NOT NULL,
  account_row_id INTEGER NOT NULL,
  code TEXT NOT NULL,
  exit_code INTEGER,
  message TEXT NOT NULL,
  stderr_tail TEXT NOT NULL,
  PRIMARY KEY (unit_id, account_row_id)
) STRICT, WITHOUT ROWID;

-- ranges: JSON, as on the wire. open_units: its replicas that still run.
CREATE TABLE lease (
  id INTEGER PRIMARY KEY,
  lease_id TEXT NOT NULL UNIQUE,
  host_row_id INTEGER NOT NULL,
  account_row_id INTEGER NOT NULL,
  batch_row_id INTEGER NOT NULL,
  granted_ms INTEGER NOT NULL,
  deadline_ms INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  open_units INTEGER NOT NULL,
  ranges TEXT NOT NULL
) STRICT;
CREATE INDEX lease_deadline ON lease(deadline_ms) WHERE open_units > 0;
CREATE INDEX lease_host ON lease(host_row_id) WHERE open_units > 0;

-- The signed envelopes, as received.
CREATE TABLE receipt (
  id INTEGER PRIMARY KEY,
  lease_row_id INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  envelope BLOB NOT NULL
) STRICT;
CREATE INDEX receipt_lease ON receipt(lease_row_id);

-- Small result bundles. A row is out of everybody's reach until a unit is accepted with it.
CREATE TABLE bundle (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;

-- Accepted units by the first 6 bytes of their result digest: the only way from a digest to a result. The first unit of a key is in the table result, whose
-- integer key makes scattered insertion cheap; others (equal results) are in result_twin.
CREATE TABLE result (digest_key INTEGER PRIMARY KEY, unit_id INTEGER NOT NULL) STRICT;
CREATE TABLE result_twin (
  digest_key INTEGER NOT NULL,
  unit_id INTEGER NOT NULL,
  PRIMARY KEY (digest_key, unit_id)
) STRICT, WITHOUT ROWID;

-- Settled units in the order of their settling. detail: JSON of what a failed unit's hosts said.
CREATE TABLE outcome (
  batch_row_id INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  unit_index INTEGER NOT NULL,
  is_accepted INTEGER NOT NULL,
  settled_ms INTEGER NOT NULL,
  detail TEXT,
  PRIMARY KEY (batch_row_id, sequence)
) STRICT, WITHOUT ROWID;

-- Append only. units: JSON ranges of the replicas' units.
CREATE TABLE ledger (
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  account_row_id INTEGER NOT NULL,
  host_row_id INTEGER NOT NULL,
  batch_row_id INTEGER NOT NULL,
  basis TEXT NOT NULL,
  replicas INTEGER NOT NULL,
  amount_milli INTEGER NOT NULL,
  units TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_time ON ledger(at_ms);
CREATE TRIGGER ledger_keeps_rows BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_keeps_values BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

-- Sums of the ledger, kept in the same transactions.
CREATE TABLE balance (
  batch_row_id INTEGER NOT NULL,
  host_row_id INTEGER NOT NULL,
  account_row_id INTEGER NOT NULL,
  credit_milli INTEGER NOT NULL,
  replicas INTEGER NOT NULL,
  PRIMARY KEY (batch_row_id, host_row_id, account_row_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX balance_account ON balance(account_row_id);
CREATE INDEX balance_host ON balance(host_row_id);

-- Accepted units of a project in each 10 seconds.
CREATE TABLE throughput (
  project_row_id INTEGER NOT NULL,
  start_ms INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  PRIMARY KEY (project_row_id, start_ms)
) STRICT, WITHOUT ROWID;

-- When this coordinator was last alive: leases do not run while it is not.
CREATE TABLE heartbeat (id INTEGER PRIMARY KEY CHECK (id = 1), at_ms INTEGER NOT NULL) STRICT;

-- 0..255: makes rows for ranges of units in one statement.
CREATE TABLE counting (n INTEGER PRIMARY KEY) STRICT;
WITH RECURSIVE counter(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counter WHERE n < 255) INSERT INTO counting SELECT n FROM counter;
`,
};
