// The database of a coordinator of version 2, before the engine with fuel.
import BetterSqlite3 from 'better-sqlite3';
import { projectsMigration } from '../../src/storage/migrations/0001-projects.js';
import { unitsMigration } from '../../src/storage/migrations/0002-units.js';
import { unitIdOf } from '../../src/storage/sqlite/units.js';

/** A batch with an accepted unit, one being computed and one untouched. */
const CONTENT = `
INSERT INTO project VALUES (1, 'proj_a', 'a', 'A', '', '', x'00', x'00', 'active', 1, 0);
INSERT INTO block_holder VALUES (1, 1), (2, 1);
INSERT INTO app_version VALUES (1, 'app_a', 1, 'program', x'00', 'bafkmodule', 100, 65536, 1000, 'ready', NULL, 1, 1);
INSERT INTO batch VALUES (1, 'batch_a', 1, 1, 'batch', x'00', 'bafkmanifest', x'00', 0, 2, 0, NULL, 3, 60000, 1000, NULL, 2, 'open', 1, NULL, NULL);
INSERT INTO account VALUES (1, 'acct_a', 'ann', NULL, NULL, 1, NULL), (2, 'acct_b', 'bob', NULL, NULL, 1, NULL);
INSERT INTO host (id, host_id, public_key, pseudonym, account_row_id, first_seen_ms, last_seen_ms) VALUES (1, 'host_a', x'01', 'one', 1, 1, 1), (2, 'host_b', x'02', 'two', 2, 1, 1);
INSERT INTO batch_work (batch_row_id, project_row_id, unit_count, quorum, fresh_index, next_sequence, running, accepted, replicas_leased, replicas_reported, replicas_agreed)
  VALUES (1, 1, 3, 2, 2, 1, 1, 1, 3, 2, 2);
INSERT INTO unit VALUES (${unitIdOf(1, 0)}, 2, 0, 0, 2, 0, 1, NULL), (${unitIdOf(1, 1)}, 0, 1, 1, 1, 0, NULL, NULL);
INSERT INTO replica VALUES (${unitIdOf(1, 0)}, 1, 1, 1, 1, zeroblob(32), 5, 1, 9, 0), (${unitIdOf(1, 0)}, 2, 2, 2, 1, zeroblob(32), 5, NULL, 9, 0),
  (${unitIdOf(1, 1)}, 1, 1, 1, 0, NULL, NULL, NULL, NULL, 0);
INSERT INTO lease VALUES (1, 'lease_a', 1, 1, 1, 1, 99999999, 1000, 1, '[[0,2]]'), (2, 'lease_b', 2, 2, 1, 1, 2, 1000, 0, '[[0,1]]');
INSERT INTO bundle VALUES (1, x'0102030405');
INSERT INTO result VALUES (0, ${unitIdOf(1, 0)});
INSERT INTO outcome VALUES (1, 0, 0, 1, 5, NULL);
INSERT INTO ledger (at_ms, account_row_id, host_row_id, batch_row_id, basis, replicas, amount_milli, units)
  VALUES (5, 1, 1, 1, 'flat-v0', 1, 1000, '[[0,1]]'), (5, 2, 2, 1, 'flat-v0', 1, 1000, '[[0,1]]');
INSERT INTO balance VALUES (1, 1, 1, 1000, 1), (1, 2, 2, 1000, 1);
`;

export function writeOldDatabase(file: string): void {
  const old = new BetterSqlite3(file);
  for (const { version, sql } of [projectsMigration, unitsMigration]) {
    old.exec(sql);
    old.pragma(`user_version = ${version}`);
  }
  old.exec(CONTENT);
  old.close();
}

/** Takes away what version 10 brought. */
function takeAwayReads(db: BetterSqlite3.Database): void {
  const triggers = ['new_account', 'deleted_account', 'new_host', 'transfer', 'new_block', 'removed_block'];
  for (const trigger of triggers) db.exec(`DROP TRIGGER tally_${trigger}`);
  for (const index of ['host_seen', 'project_owner']) db.exec(`DROP INDEX ${index}`);
  for (const table of ['large_result', 'progress', 'earned', 'earned_hour', 'ranking', 'tally'])
    db.exec(`DROP TABLE ${table}`);
  for (const column of ['exit_code', 'stdout_at', 'stdout_bytes']) db.exec(`ALTER TABLE bundle DROP COLUMN ${column}`);
  for (const table of ['batch_work', 'project_work']) db.exec(`ALTER TABLE ${table} DROP COLUMN granted_milli`);
}

/** Takes away what version 9 brought. */
function takeAwayParties(db: BetterSqlite3.Database): void {
  for (const column of ['network', 'is_overdue']) db.exec(`ALTER TABLE replica DROP COLUMN ${column}`);
  for (const column of ['network', 'overdue_ms', 'away_ms', 'progress'])
    db.exec(`ALTER TABLE lease DROP COLUMN ${column}`);
  db.exec('ALTER TABLE batch_work DROP COLUMN pace');
}

/** Takes away what version 8 and those after it brought. */
export function takeAwayFoundings(db: BetterSqlite3.Database): void {
  takeAwayReads(db);
  takeAwayParties(db);
  db.exec('DROP INDEX project_name');
  for (const column of ['is_approved', 'network']) db.exec(`ALTER TABLE project DROP COLUMN ${column}`);
}

/** Takes away what version 5 and those after it brought. */
export function takeAwayLapses(db: BetterSqlite3.Database): void {
  takeAwayFoundings(db);
  for (const index of ['unit_held', 'lease_batch']) db.exec(`DROP INDEX ${index}`);
  db.exec('DROP TABLE lapse');
  db.exec('DROP TABLE upload');
  for (const table of ['batch_hand', 'project_hand'])
    db.exec(`ALTER TABLE ${table} ADD COLUMN running INTEGER NOT NULL DEFAULT 0`);
  for (const column of ['lowest_quorum', 'accepted_before']) db.exec(`ALTER TABLE batch_work DROP COLUMN ${column}`);
  for (const column of ['allowance', 'allowance_since_ms', 'delivered_lease', 'network'])
    db.exec(`ALTER TABLE host DROP COLUMN ${column}`);
  for (const table of ['batch_work', 'project_work']) db.exec(`ALTER TABLE ${table} DROP COLUMN held`);
}
