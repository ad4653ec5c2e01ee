// Version 8: which projects were ever approved, and where those that wait come from.
import type { Migration } from './migration.js';

export const foundingsMigration: Migration = {
  version: 8,
  sql: `
-- is_approved: it was active once, and is public since. network: where a founding that waits came from, a keyed hash; empty: not known.
ALTER TABLE project ADD COLUMN is_approved INTEGER NOT NULL DEFAULT 0;
ALTER TABLE project ADD COLUMN network TEXT NOT NULL DEFAULT '';
-- Of a paused project nothing tells whether it was approved before; one without a program that does not state its facts was not.
UPDATE project SET is_approved = 1 WHERE state = 'active' OR (state = 'paused' AND (
  id IN (SELECT project_row_id FROM app_version) OR (input_licence <> '' AND result_licence <> '' AND contact <> '' AND run_by <> '')));
-- New names must not differ from others in case alone.
CREATE INDEX project_name ON project(name COLLATE NOCASE);
`,
};
