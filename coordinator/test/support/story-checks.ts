// Counts afresh what the coordinator keeps as it grows, and compares.
import { expect } from 'vitest';
import type { SqliteDatabase } from '../../src/storage/sqlite/database.js';

/** Pairs of questions that must have equal answers: what is kept, and the same counted over all rows. */
const PAIRS: Readonly<Record<string, readonly [kept: string, counted: string]>> = {
  'units that were ended': [
    'SELECT batch_row_id, cancelled, expired, stopped FROM batch_work ORDER BY 1',
    `SELECT batch_row_id, ${['004', '005', '006'].map((code) => `(SELECT count(*) FROM unit WHERE id / 1048576 = batch_row_id AND phase = 3 AND code = 'MH-VAL-${code}')`).join(', ')}
     FROM batch_work ORDER BY 1`,
  ],
  'units that are held': [
    'SELECT batch_row_id, held FROM batch_work ORDER BY 1',
    'SELECT batch_row_id, (SELECT count(*) FROM unit WHERE id / 1048576 = batch_row_id AND phase = 4) FROM batch_work ORDER BY 1',
  ],
  'units of projects': [
    'SELECT project_row_id, total, held, running, checking, accepted, failed, cancelled, expired, stopped FROM project_work WHERE total > 0 ORDER BY 1',
    `SELECT project_row_id, sum(unit_count), sum(held), sum(running), sum(checking), sum(accepted), sum(failed), sum(cancelled), sum(expired), sum(stopped)
     FROM batch_work GROUP BY 1 ORDER BY 1`,
  ],
  'answers that wait': [
    'SELECT batch_row_id, account_row_id, answered FROM batch_hand WHERE answered <> 0 ORDER BY 1, 2',
    `SELECT unit.id / 1048576, account_row_id, count(*) FROM unit JOIN replica ON unit_id = unit.id
     WHERE phase < 2 AND state IN (1, 2) GROUP BY 1, 2 ORDER BY 1, 2`,
  ],
  'what was accepted and earned': [
    'SELECT batch_row_id, account_row_id, accepted, credit_milli FROM batch_hand WHERE accepted > 0 OR credit_milli > 0 ORDER BY 1, 2',
    `SELECT batch_row_id, account_row_id, sum(replicas) AS units, sum(credit_milli) AS credit FROM balance GROUP BY 1, 2
     HAVING units > 0 OR credit > 0 ORDER BY 1, 2`,
  ],
  computers: [
    'SELECT batch_row_id, account_row_id, hosts FROM batch_hand ORDER BY 1, 2',
    'SELECT batch_row_id, account_row_id, count(DISTINCT host_row_id) FROM lease GROUP BY 1, 2 ORDER BY 1, 2',
  ],
  'hands of projects': [
    'SELECT project_row_id, account_row_id, answered, accepted, credit_milli FROM project_hand ORDER BY 1, 2',
    `SELECT project_row_id, account_row_id, sum(answered), sum(batch_hand.accepted), sum(credit_milli)
     FROM batch_hand JOIN batch_work USING (batch_row_id) GROUP BY 1, 2 ORDER BY 1, 2`,
  ],
  people: [
    'SELECT project_row_id, people FROM project_work WHERE people > 0 ORDER BY 1',
    'SELECT project_row_id, count(*) FROM project_hand GROUP BY 1 ORDER BY 1',
  ],
  'accepted units over time': [
    `SELECT batch_row_id, (SELECT sum(json_extract(value, '$[1]')) FROM json_each(counts)) FROM batch_story ORDER BY 1`,
    'SELECT batch_row_id, count(*) FROM outcome WHERE is_accepted = 1 GROUP BY 1 ORDER BY 1',
  ],
};

export function expectStoriesToAddUp(database: SqliteDatabase, but: readonly string[] = []): void {
  for (const [what, [kept, counted]] of Object.entries(PAIRS)) {
    if (but.includes(what)) continue;
    const [left, right] = [kept, counted].map((sql) => database.read((db) => db.prepare(sql).raw().all()));
    expect(left, what).toEqual(right);
  }
}
