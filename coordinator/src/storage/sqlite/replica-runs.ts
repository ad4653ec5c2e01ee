// Many replicas in one statement: the values of consecutive units go in as fixed-width columns of one blob, which SQLite cuts up itself.
// Binding a row takes longer than writing it, so that this is several times as fast as a statement for each unit.
import type { Statement } from 'better-sqlite3';
import type { BetterSqlite3Database } from './database.js';

export type Success = {
  readonly digest: Buffer | null;
  readonly bundleBytes: number | null;
  readonly bundleId: number | null;
  readonly elapsedMs: number | null;
};
/** Replicas of consecutive units, all of one account, host and lease. */
export type SuccessRun = { firstId: number; account: number; host: number; lease: number; items: Success[] };

const DIGEST_BYTES = 32;
/** Decimal digits of a number in a column: up to 2^53. */
const NUMBER_WIDTH = 16;
const NUMBERS_PER_SUCCESS = 3;
/** What `counting` can count to. */
const ROWS_PER_STATEMENT = 256;
const NULL = -1;

/** Number `column` of the row `position` of a blob of fixed-width numbers. */
const number = (position: string, column: number, perRow: number): string =>
  `CAST(substr(:numbers, ${NUMBER_WIDTH * perRow} * (${position}) + ${NUMBER_WIDTH * column + 1}, ${NUMBER_WIDTH}) AS INTEGER)`;

export class ReplicaRuns {
  private readonly update: Statement;
  private readonly insertBundles: Statement;
  private readonly selectLastBundle: Statement;

  constructor(db: BetterSqlite3Database) {
    const at = 'unit_id - :first';
    this.update = db.prepare(
      `UPDATE replica SET host_row_id = :host, lease_row_id = :lease, state = 1,
         digest = substr(:digests, ${DIGEST_BYTES} * (${at}) + 1, ${DIGEST_BYTES}),
         bundle_bytes = nullif(${number(at, 0, NUMBERS_PER_SUCCESS)}, ${NULL}),
         bundle_id = nullif(${number(at, 1, NUMBERS_PER_SUCCESS)}, ${NULL}),
         elapsed_ms = nullif(${number(at, 2, NUMBERS_PER_SUCCESS)}, ${NULL})
       WHERE unit_id BETWEEN :first AND :last AND account_row_id = :account`,
    );
    this.insertBundles = db.prepare(
      `INSERT INTO bundle (id, bytes) SELECT :first + n, substr(:bytes, ${number('n', 0, 2)} + 1, ${number('n', 1, 2)})
       FROM counting WHERE n < :count`,
    );
    this.selectLastBundle = db.prepare('SELECT coalesce(max(id), 0) FROM bundle').pluck();
  }

  /** Writes the success of every replica of the run. */
  succeed({ firstId: first, account, host, lease, items }: SuccessRun): void {
    const digests = Buffer.alloc(DIGEST_BYTES * items.length);
    const numbers = new NumberColumns(items.length, NUMBERS_PER_SUCCESS);
    for (let at = 0; at < items.length; at++) {
      const { digest, bundleBytes, bundleId, elapsedMs } = items[at] as Success;
      digest?.copy(digests, DIGEST_BYTES * at);
      numbers.push(bundleBytes ?? NULL, bundleId ?? NULL, elapsedMs ?? NULL);
    }
    const last = first + items.length - 1;
    this.update.run({ first, last, account, host, lease, digests, numbers: numbers.blob });
  }

  /** The row id that the next bundle gets. */
  nextBundleId(): number {
    return (this.selectLastBundle.get() as number) + 1;
  }

  /** Stores bundles under consecutive row ids. */
  addBundles(firstId: number, bundles: readonly Uint8Array[]): void {
    for (let from = 0; from < bundles.length; from += ROWS_PER_STATEMENT) {
      const some = bundles.slice(from, from + ROWS_PER_STATEMENT);
      const numbers = new NumberColumns(some.length, 2);
      let offset = 0;
      for (const { length } of some) {
        numbers.push(offset, length);
        offset += length;
      }
      const bytes = Buffer.concat(some, offset);
      this.insertBundles.run({ first: firstId + from, bytes, numbers: numbers.blob, count: some.length });
    }
  }
}

/** Fixed-width decimal numbers in a row, written as ASCII. */
class NumberColumns {
  readonly blob: Buffer;
  private at = 0;

  constructor(rows: number, perRow: number) {
    this.blob = Buffer.alloc(NUMBER_WIDTH * rows * perRow, ' ');
  }

  push(...numbers: readonly number[]): void {
    for (const value of numbers) {
      const text = String(value);
      this.blob.write(text, this.at, 'latin1');
      this.at += NUMBER_WIDTH;
    }
  }
}
