// Version 6: uploads of results and checkpoints that came in part.
import type { Migration } from './migration.js';

export const uploadsMigration: Migration = {
  version: 6,
  sql: `
-- kind: 0 a result, 1 a checkpoint. sha256 and size_bytes: of the whole, as announced. received_bytes: durable in the file that the key names.
CREATE TABLE upload (
  kind INTEGER NOT NULL,
  unit_id INTEGER NOT NULL,
  host_row_id INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  size_bytes INTEGER NOT NULL,
  received_bytes INTEGER NOT NULL,
  touched_ms INTEGER NOT NULL,
  PRIMARY KEY (kind, unit_id, host_row_id)
) STRICT, WITHOUT ROWID;
`,
};
