// Migration 1: projects, app versions, blocks, batches, accounts and what protects the REST calls. Never edited once released.

/** Dense integer ids stay inside storage; the text identifiers of the contract are unique columns. */
export const projectsMigration = {
  version: 1,
  sql: `
CREATE TABLE project (
  id INTEGER PRIMARY KEY,
  project_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  question TEXT NOT NULL,
  description TEXT NOT NULL,
  owner_key BLOB NOT NULL,
  genesis BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'paused')),
  created_at_ms INTEGER NOT NULL,
  block_bytes INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE invitation (
  invitation_hash BLOB PRIMARY KEY,
  expires_at_ms INTEGER NOT NULL,
  project_row_id INTEGER REFERENCES project (id)
) STRICT, WITHOUT ROWID;
CREATE TABLE block (
  id INTEGER PRIMARY KEY,
  cid TEXT NOT NULL UNIQUE,
  size_bytes INTEGER NOT NULL,
  use_count INTEGER NOT NULL DEFAULT 0,
  touched_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX block_unused ON block (touched_at_ms) WHERE use_count = 0;
CREATE TABLE block_project (
  project_row_id INTEGER NOT NULL REFERENCES project (id),
  block_row_id INTEGER NOT NULL REFERENCES block (id) ON DELETE CASCADE,
  PRIMARY KEY (project_row_id, block_row_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX block_project_of_block ON block_project (block_row_id);
CREATE TABLE block_holder (
  id INTEGER PRIMARY KEY,
  made_at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE block_hold (
  holder_row_id INTEGER NOT NULL REFERENCES block_holder (id),
  block_row_id INTEGER NOT NULL REFERENCES block (id),
  PRIMARY KEY (holder_row_id, block_row_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE app_version (
  id INTEGER PRIMARY KEY,
  app_version_id TEXT NOT NULL UNIQUE,
  project_row_id INTEGER NOT NULL REFERENCES project (id),
  name TEXT NOT NULL,
  record BLOB NOT NULL,
  module_cid TEXT NOT NULL,
  module_size_bytes INTEGER NOT NULL,
  memory_maximum_bytes INTEGER NOT NULL,
  credit_per_replica_milli INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'ready', 'refused', 'stopped')),
  refusal TEXT,
  holder_row_id INTEGER NOT NULL REFERENCES block_holder (id),
  created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX app_version_of_project ON app_version (project_row_id);
CREATE INDEX app_version_pending ON app_version (id) WHERE state = 'pending';
CREATE TABLE batch (
  id INTEGER PRIMARY KEY,
  batch_id TEXT NOT NULL UNIQUE,
  project_row_id INTEGER NOT NULL REFERENCES project (id),
  app_version_row_id INTEGER NOT NULL REFERENCES app_version (id),
  name TEXT NOT NULL,
  manifest BLOB NOT NULL,
  manifest_cid TEXT NOT NULL,
  policy BLOB NOT NULL,
  policy_sequence INTEGER NOT NULL,
  quorum INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  expires_at_ms INTEGER,
  unit_count INTEGER NOT NULL,
  timeout_ms INTEGER NOT NULL,
  expected_duration_ms INTEGER NOT NULL,
  presentation TEXT,
  holder_row_id INTEGER REFERENCES block_holder (id),
  state TEXT NOT NULL CHECK (state IN ('open', 'complete', 'cancelled', 'expired')),
  submitted_at_ms INTEGER NOT NULL,
  completed_at_ms INTEGER,
  removed_at_ms INTEGER
) STRICT;
CREATE INDEX batch_of_project ON batch (project_row_id, submitted_at_ms);
CREATE INDEX batch_open ON batch (id) WHERE state = 'open';
CREATE TABLE account (
  id INTEGER PRIMARY KEY,
  account_id TEXT NOT NULL UNIQUE,
  label TEXT,
  account_key BLOB,
  genesis BLOB,
  created_at_ms INTEGER NOT NULL,
  deleted_at_ms INTEGER
) STRICT;
CREATE TABLE account_code (
  code_hash BLOB PRIMARY KEY,
  account_row_id INTEGER NOT NULL REFERENCES account (id),
  expires_at_ms INTEGER NOT NULL,
  host_id TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX account_code_expiry ON account_code (expires_at_ms);
CREATE TABLE nonce (
  nonce TEXT PRIMARY KEY,
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX nonce_expiry ON nonce (expires_at_ms);
CREATE TABLE counter (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
