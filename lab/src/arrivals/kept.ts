// Which of the acknowledged receipts a coordinator's folder still knows.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Acknowledged } from './messages.js';

/** Unit identifiers are those of the batch times this, and the index. */
const UNITS_PER_BATCH = 2 ** 20;
/** The replica has a result. */
const SUCCEEDED = 1;

/** Those of which nothing is there. */
export function lostOf(dataDirectory: string, acknowledged: readonly Acknowledged[]): Acknowledged[] {
  const database = new Database(join(dataDirectory, 'coordinator.sqlite'), { readonly: true });
  try {
    const sql =
      'SELECT host_id, unit_id FROM replica JOIN host ON host.id = replica.host_row_id WHERE replica.state = ?';
    const known = new Set<string>();
    for (const [hostId, unitId] of database.prepare(sql).raw().iterate(SUCCEEDED) as Iterable<[string, number]>)
      known.add(`${hostId} ${unitId % UNITS_PER_BATCH}`);
    return acknowledged.filter(([hostId, index]) => !known.has(`${hostId} ${index}`));
  } finally {
    database.close();
  }
}
