// Prepares each statement once per connection, and keeps it prepared.
import type { Database, Statement } from 'better-sqlite3';

const cache = new WeakMap<Database, Map<string, Statement>>();

/** The prepared statement of a constant SQL text. `Row` is what one row of its answer looks like. */
export function prepare<Row = unknown>(db: Database, sql: string): Statement<unknown[], Row> {
  const statements = cache.get(db) ?? new Map<string, Statement>();
  cache.set(db, statements);
  const statement = statements.get(sql) ?? db.prepare(sql);
  statements.set(sql, statement);
  return statement as Statement<unknown[], Row>;
}

/**
 * A limit that is given with each call. A statement whose limit is a bare parameter is planned anew when another value is bound to it, for the plan may
 * hang on the value (https://sqlite.org/c3ref/prepare.html, on `sqlite3_prepare_v2`). It never hangs on the value of an expression.
 */
export function given(parameter: string): string {
  return `(${parameter} + 0)`;
}
