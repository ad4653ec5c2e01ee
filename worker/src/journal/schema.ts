// The tables of the journal, as numbered migrations. Released ones are never edited.

/** Migration n brings `user_version` from n - 1 to n. */
export const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE lease (lease_id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE unit (
  lease_id TEXT NOT NULL REFERENCES lease (lease_id) ON DELETE CASCADE,
  unit_index INTEGER NOT NULL,
  -- open: to be computed; computed: to be acknowledged; kept: acknowledged, its bundle may still be wanted
  state TEXT NOT NULL CHECK (state IN ('open', 'computed', 'kept')),
  kind TEXT CHECK (kind IN ('success', 'unit-failure', 'host-failure')),
  digest BLOB,
  bundle_bytes INTEGER,
  -- null: the bundle is a file (large) or there is none (failure)
  bundle BLOB,
  elapsed_ms INTEGER,
  code TEXT,
  exit_code INTEGER,
  message TEXT,
  stderr_tail TEXT,
  PRIMARY KEY (lease_id, unit_index)
) STRICT;
`,
  // What was begun before units were metered cannot be stated in a receipt any more.
  `
DROP TABLE unit;
DROP TABLE lease;
CREATE TABLE lease (lease_id TEXT PRIMARY KEY, record BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE unit (
  lease_id TEXT NOT NULL REFERENCES lease (lease_id) ON DELETE CASCADE,
  unit_index INTEGER NOT NULL,
  -- open: to be computed; computed: to be acknowledged; kept: acknowledged, its bundle may still be wanted
  state TEXT NOT NULL CHECK (state IN ('open', 'computed', 'kept')),
  kind TEXT CHECK (kind IN ('success', 'unit-failure', 'host-failure', 'needs-all')),
  digest BLOB,
  bundle_bytes INTEGER,
  -- null: the bundle is a file (large) or there is none (failure)
  bundle BLOB,
  elapsed_ms INTEGER,
  fuel INTEGER,
  mark_count INTEGER,
  chain_root BLOB,
  code TEXT,
  exit_code INTEGER,
  message TEXT,
  stderr_tail TEXT,
  PRIMARY KEY (lease_id, unit_index)
) STRICT;
-- The newest durable snapshot of an open unit.
CREATE TABLE snapshot (
  lease_id TEXT NOT NULL,
  unit_index INTEGER NOT NULL,
  file TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  is_compressed INTEGER NOT NULL,
  fuel INTEGER NOT NULL,
  mark_count INTEGER NOT NULL,
  elapsed_ms INTEGER NOT NULL,
  -- what the checkpoint of another host must turn out to be; null: it is this host's own
  expected_state BLOB,
  expected_chain BLOB,
  -- the fuel at which the last run went on, and how many did
  resumed_fuel INTEGER,
  resumed_count INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (lease_id, unit_index),
  FOREIGN KEY (lease_id, unit_index) REFERENCES unit (lease_id, unit_index) ON DELETE CASCADE
) STRICT;
`,
  // Snapshots outlive the leases under which they were made. `lease_fact` reads a record (see database.ts).
  `
ALTER TABLE lease ADD COLUMN manifest_cid TEXT NOT NULL DEFAULT '';
UPDATE lease SET manifest_cid = lease_fact(record, 'manifestCid');
ALTER TABLE snapshot RENAME TO snapshot_of_lease;
-- The newest durable snapshot of a unit that is not done, whatever lease it comes under.
CREATE TABLE snapshot (
  manifest_cid TEXT NOT NULL,
  unit_index INTEGER NOT NULL,
  build TEXT NOT NULL,
  -- digest of the hand-over on which it rests; null: all of it was computed here
  base BLOB,
  file TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  is_compressed INTEGER NOT NULL,
  fuel INTEGER NOT NULL,
  mark_count INTEGER NOT NULL,
  elapsed_ms INTEGER NOT NULL,
  -- what the checkpoint of another host must turn out to be; null: it is this host's own
  expected_state BLOB,
  expected_chain BLOB,
  -- the fuel at which the last run went on, and how many did
  resumed_fuel INTEGER,
  resumed_count INTEGER NOT NULL DEFAULT 0,
  written_at_ms INTEGER NOT NULL,
  PRIMARY KEY (manifest_cid, unit_index)
) STRICT;
-- Of two leases of one unit, the one that came further.
INSERT OR REPLACE INTO snapshot
  SELECT manifest_cid, unit_index, lease_fact(record, 'build'), lease_fact(record, 'base'), file, size_bytes, sha256, is_compressed, fuel,
    mark_count, elapsed_ms, expected_state, expected_chain, resumed_fuel, resumed_count, unixepoch() * 1000
  FROM snapshot_of_lease JOIN lease USING (lease_id) ORDER BY fuel;
DROP TABLE snapshot_of_lease;
`,
  // Encrypted checkpoints of open units, on their way to the coordinator; the file is named by the unit.
  `
CREATE TABLE sealed (
  lease_id TEXT NOT NULL,
  unit_index INTEGER NOT NULL,
  key BLOB NOT NULL,
  digest BLOB NOT NULL,
  size_bytes INTEGER NOT NULL,
  -- the state in it
  fuel INTEGER NOT NULL,
  mark_count INTEGER NOT NULL,
  chain_root BLOB,
  state_hash BLOB NOT NULL,
  PRIMARY KEY (lease_id, unit_index),
  FOREIGN KEY (lease_id, unit_index) REFERENCES unit (lease_id, unit_index) ON DELETE CASCADE
) STRICT;
`,
];
