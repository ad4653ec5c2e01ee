// Units that ended without a result, grouped by what the computers said.
import type { Batch } from '@manyhands/contract';
import { type Failure, type Findings, NO_FINDINGS } from '../api/findings.js';
import type { Polled } from '../api/use-polled.js';
import { RowsLoading } from '../common/rows-loading.js';
import { formatCount, MISSING } from '../format/numbers.js';

export function FailureTable({ batch, findings }: { readonly batch: Batch; readonly findings: Polled<Findings> }) {
  const { failures } = findings.data ?? NO_FINDINGS;
  return (
    <div className="page">
      <h2 id="failures" className="mb-4">
        What went wrong
      </h2>
      {failures.size === 0 ? (
        <RowsLoading rowCount={Math.min(batch.counts.failed, 3)} />
      ) : (
        <table className="data">
          <caption>
            These units failed the same way on several computers and are not tried again by themselves. That’s the
            program or its input, not the volunteers.
          </caption>
          <thead>
            <tr>
              <th scope="col">Cause</th>
              <th scope="col" className="n">
                Units
              </th>
              <th scope="col" className="max-sm:hidden">
                For example
              </th>
            </tr>
          </thead>
          <tbody>
            {group([...failures.values()]).map(({ example, count }) => (
              <tr key={keyOf(example)}>
                <th scope="row">
                  <span className="break-words">{example.message || example.cause || 'No reason given'}</span>
                  <span className="block text-xs font-normal text-ink-3">
                    <code>{[example.code, example.cause].filter(Boolean).join(' ') || MISSING}</code>
                  </span>
                </th>
                <td className="n">{formatCount(count)}</td>
                <td className="max-sm:hidden">
                  <code>{example.name}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function keyOf({ code, cause, message }: Failure): string {
  return JSON.stringify([code, cause, message]);
}

/** Most frequent cause first. */
function group(failures: readonly Failure[]): { example: Failure; count: number }[] {
  const groups = new Map<string, { example: Failure; count: number }>();
  for (const failure of failures) {
    const before = groups.get(keyOf(failure));
    if (before) before.count += 1;
    else groups.set(keyOf(failure), { example: failure, count: 1 });
  }
  return [...groups.values()].sort((left, right) => right.count - left.count);
}
