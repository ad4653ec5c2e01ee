// The numbered forward migrations of coordinator.sqlite. Append only: an applied migration never changes.
import { projectsMigration } from './0001-projects.js';
import { unitsMigration } from './0002-units.js';
import { engineMigration } from './0003-engine.js';
import { storiesMigration } from './0004-stories.js';
import { lapsesMigration } from './0005-lapses.js';
import { uploadsMigration } from './0006-uploads.js';
import { quorumsMigration } from './0007-quorums.js';
import { foundingsMigration } from './0008-foundings.js';
import { partiesMigration } from './0009-parties.js';
import { readsMigration } from './0010-reads.js';
import type { Migration } from './migration.js';

/** In ascending order of version. */
export const MIGRATIONS: readonly Migration[] = [
  projectsMigration,
  unitsMigration,
  engineMigration,
  storiesMigration,
  lapsesMigration,
  uploadsMigration,
  quorumsMigration,
  foundingsMigration,
  partiesMigration,
  readsMigration,
];
