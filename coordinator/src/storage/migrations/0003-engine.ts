// Version 3: app versions with builds, fuel in receipts and ledger, checkpoints that go from host to host.
import type { Migration } from './migration.js';

export const engineMigration: Migration = {
  version: 3,
  sql: `
-- The signed record says all of these. Versions made for the engine before this one have no build that hosts still run: they end, and their batches with
-- them when the coordinator starts.
ALTER TABLE app_version DROP COLUMN module_cid;
ALTER TABLE app_version DROP COLUMN module_size_bytes;
ALTER TABLE app_version DROP COLUMN credit_per_replica_milli;
ALTER TABLE app_version ADD COLUMN first_build TEXT CHECK (first_build IN ('nonleaf', 'step'));
UPDATE app_version SET state = 'stopped' WHERE state IN ('pending', 'ready');

-- Sealed at submission. Null for batches of the engine before.
ALTER TABLE batch ADD COLUMN fuel_maximum INTEGER;
ALTER TABLE batch ADD COLUMN fuel_per_cobblestone INTEGER;

-- Sum of: 1 it has lineages, 2 it needs the build 'all', 4 a lineage waits for a successor. From 2 on it is leased apart from the others.
ALTER TABLE unit ADD COLUMN flags INTEGER NOT NULL DEFAULT 0;
CREATE INDEX unit_apart ON unit(id) WHERE flags >= 2 AND wanted > 0;

-- state 6: handed over. lineage: the one that it works on or did a part of. checkpoint_fuel: of what it left here while it runs.
ALTER TABLE replica ADD COLUMN fuel INTEGER;
ALTER TABLE replica ADD COLUMN mark_count INTEGER;
ALTER TABLE replica ADD COLUMN chain_root BLOB;
ALTER TABLE replica ADD COLUMN lineage INTEGER;
ALTER TABLE replica ADD COLUMN checkpoint_fuel INTEGER;

-- build: of all units of the lease. engine: as its last receipt names it.
ALTER TABLE lease ADD COLUMN build TEXT NOT NULL DEFAULT 'nonleaf' CHECK (build IN ('nonleaf', 'all', 'step'));
ALTER TABLE lease ADD COLUMN engine TEXT;

-- What hosts did of a replica before they handed over; the id of a lineage is the row of the lease that began it. envelope: the signed hand-over.
CREATE TABLE segment (
  unit_id INTEGER NOT NULL,
  lineage INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  account_row_id INTEGER NOT NULL,
  host_row_id INTEGER NOT NULL,
  lease_row_id INTEGER NOT NULL,
  from_fuel INTEGER NOT NULL,
  to_fuel INTEGER NOT NULL,
  envelope BLOB NOT NULL,
  PRIMARY KEY (unit_id, lineage, sequence)
) STRICT, WITHOUT ROWID;

-- Encrypted checkpoints, each a file named by its id. state: 0 on its way, 1 stored, 2 signed; only signed ones have what follows, and one for a lineage.
CREATE TABLE checkpoint (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  unit_id INTEGER NOT NULL,
  lease_row_id INTEGER NOT NULL,
  host_row_id INTEGER NOT NULL,
  account_row_id INTEGER NOT NULL,
  state INTEGER NOT NULL,
  size_bytes INTEGER NOT NULL,
  digest BLOB NOT NULL,
  stored_ms INTEGER NOT NULL,
  lineage INTEGER,
  from_fuel INTEGER,
  fuel INTEGER,
  envelope BLOB,
  key BLOB
) STRICT;
CREATE INDEX checkpoint_unit ON checkpoint(unit_id);

-- fuel: null on rows of basis flat-v0. rest: thousandths of fuel that are not yet a milli-cobblestone.
ALTER TABLE ledger ADD COLUMN fuel INTEGER;
ALTER TABLE balance ADD COLUMN rest INTEGER NOT NULL DEFAULT 0;

-- Units whose hosts agreed on the result but not on the chain of the same build: for whoever looks into it.
CREATE TABLE chain_dispute (unit_id INTEGER PRIMARY KEY, build TEXT NOT NULL, noted_ms INTEGER NOT NULL) STRICT;
`,
};
