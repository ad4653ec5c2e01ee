// Many replicas, and many bundles, in one statement.
import type { Statement } from 'better-sqlite3';
import type { ResultFacts } from '../../core/results/domain/result-facts.js';
import type { BetterSqlite3Database } from './database.js';
import { NumberColumns, number } from './number-columns.js';
import type { ChainEnd } from './replicas.js';

type Success = {
  /** Hex. */
  readonly digest: string | null;
  readonly bundleBytes: number | null;
  readonly bundleId: number | null;
  readonly elapsedMs: number | null;
  readonly fuel: number | null;
  readonly chain?: ChainEnd | undefined;
};
/** A checked bundle with what lists show of it. */
export type NewBundle = { readonly bytes: Uint8Array; readonly facts: ResultFacts };
/** Replicas of consecutive units, all of one account, host and lease. */
export type SuccessRun = {
  firstId: number;
  account: number;
  host: number;
  network: number;
  lease: number;
  items: Success[];
};

const DIGEST_BYTES = 32;
const NUMBERS_PER_SUCCESS = 5;
const NUMBERS_PER_BUNDLE = 5;
/** What `counting` can count to. */
const ROWS_PER_STATEMENT = 256;
const NULL = -1;

export class ReplicaRuns {
  private readonly update: Statement;
  private readonly insertBundles: Statement;
  private readonly selectLastBundle: Statement;

  constructor(db: BetterSqlite3Database) {
    const at = 'unit_id - :first';
    this.update = db.prepare(
      `UPDATE replica SET host_row_id = :host, network = :network, lease_row_id = :lease, state = 1,
         digest = substr(:digests, ${2 * DIGEST_BYTES} * (${at}) + 1, ${DIGEST_BYTES}),
         chain_root = substr(:digests, ${2 * DIGEST_BYTES} * (${at}) + ${DIGEST_BYTES + 1}, ${DIGEST_BYTES}),
         bundle_bytes = nullif(${number(at, 0, NUMBERS_PER_SUCCESS)}, ${NULL}),
         bundle_id = nullif(${number(at, 1, NUMBERS_PER_SUCCESS)}, ${NULL}),
         elapsed_ms = nullif(${number(at, 2, NUMBERS_PER_SUCCESS)}, ${NULL}),
         fuel = nullif(${number(at, 3, NUMBERS_PER_SUCCESS)}, ${NULL}),
         mark_count = nullif(${number(at, 4, NUMBERS_PER_SUCCESS)}, ${NULL})
       WHERE unit_id BETWEEN :first AND :last AND account_row_id = :account`,
    );
    this.insertBundles = db.prepare(
      `INSERT INTO bundle (id, bytes, exit_code, stdout_at, stdout_bytes)
       SELECT :first + n, substr(:bytes, ${number('n', 0, NUMBERS_PER_BUNDLE)} + 1, ${number('n', 1, NUMBERS_PER_BUNDLE)}),
         ${number('n', 2, NUMBERS_PER_BUNDLE)}, ${number('n', 3, NUMBERS_PER_BUNDLE)}, ${number('n', 4, NUMBERS_PER_BUNDLE)}
       FROM counting WHERE n < :count`,
    );
    this.selectLastBundle = db.prepare('SELECT coalesce(max(id), 0) FROM bundle').pluck();
  }

  /** Writes the success of every replica of the run. */
  succeed({ firstId: first, account, host, network, lease, items }: SuccessRun): void {
    const digests = Buffer.alloc(2 * DIGEST_BYTES * items.length);
    const numbers = new NumberColumns(items.length, NUMBERS_PER_SUCCESS);
    for (let at = 0; at < items.length; at++) {
      const { digest, bundleBytes, bundleId, elapsedMs, fuel, chain } = items[at] as Success;
      if (digest !== null) digests.write(digest, 2 * DIGEST_BYTES * at, 'hex');
      if (chain?.chainRoot) digests.set(chain.chainRoot, 2 * DIGEST_BYTES * at + DIGEST_BYTES);
      numbers.push(bundleBytes ?? NULL);
      numbers.push(bundleId ?? NULL);
      numbers.push(elapsedMs ?? NULL);
      numbers.push(fuel ?? NULL);
      numbers.push(chain?.markCount ?? NULL);
    }
    const last = first + items.length - 1;
    this.update.run({ first, last, account, host, network, lease, digests, numbers: numbers.blob });
  }

  /** The row id that the next bundle gets. */
  nextBundleId(): number {
    return (this.selectLastBundle.get() as number) + 1;
  }

  /** Stores bundles under consecutive row ids. */
  addBundles(firstId: number, bundles: readonly NewBundle[]): void {
    for (let from = 0; from < bundles.length; from += ROWS_PER_STATEMENT) {
      const some = bundles.slice(from, from + ROWS_PER_STATEMENT);
      const numbers = new NumberColumns(some.length, NUMBERS_PER_BUNDLE);
      let offset = 0;
      for (const { bytes, facts } of some) {
        for (const value of [offset, bytes.length, facts.exitCode, facts.stdoutAt, facts.stdoutBytes])
          numbers.push(value);
        offset += bytes.length;
      }
      const bytes = Buffer.concat(
        some.map((bundle) => bundle.bytes),
        offset,
      );
      this.insertBundles.run({ first: firstId + from, bytes, numbers: numbers.blob, count: some.length });
    }
  }
}
