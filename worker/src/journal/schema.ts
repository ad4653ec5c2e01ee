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
];
