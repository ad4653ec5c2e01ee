// Units that came to no result, grouped by what became of them.
import type { Batch, Project } from '@manyhands/contract';
import { endedCounts } from '@manyhands/contract/words';
import type { Polled } from '../api/use-polled.js';
import { Command } from '../common/command.js';
import { pageOrigin } from '../common/page-origin.js';
import { commandLine } from '../common/program.js';
import { RowsLoading } from '../common/rows-loading.js';
import { type Findings, NO_FINDINGS } from '../findings/findings.js';
import { formatCount, MISSING } from '../format/numbers.js';
import { captionOf, type FailureGroup, groupFailures } from './failure-words.js';

export type FailureTableProps = {
  readonly project: Project;
  readonly batch: Batch;
  readonly findings: Polled<Findings>;
};

export function FailureTable({ project, batch, findings }: FailureTableProps) {
  const { failures } = findings.data ?? NO_FINDINGS;
  const groups = groupFailures(failures.values());
  const failedCount = endedCounts(batch.counts).failed;
  return (
    <div className="page">
      <h2 id="failures" className="mb-4">
        {failedCount > 0 ? 'What went wrong' : 'What was not computed'}
      </h2>
      {groups.length === 0 ? <RowsLoading rowCount={Math.min(batch.counts.failed, 3)} /> : <Groups groups={groups} />}
      {failedCount > 0 && (
        <div className="mt-6 max-w-[48rem]">
          <p className="mb-2 text-sm text-ink-2">Are you its scientist? Once the cause is gone, try them again:</p>
          <Command
            label="try the failed units again"
            text={commandLine(
              ...['batch', 'retry', batch.batchId, '--coordinator', pageOrigin(), '--project', project.name],
            )}
          />
        </div>
      )}
    </div>
  );
}

function Groups({ groups }: { readonly groups: readonly FailureGroup[] }) {
  return (
    <table className="data">
      <caption>{captionOf(groups)}</caption>
      <thead>
        <tr>
          <th scope="col">What became of them</th>
          <th scope="col" className="n">
            Units
          </th>
          <th scope="col" className="max-sm:hidden">
            For example
          </th>
        </tr>
      </thead>
      <tbody>
        {groups.map(({ sentence, codes, count, example }) => (
          <tr key={`${codes} ${sentence}`}>
            <th scope="row">
              <bdi className="[overflow-wrap:anywhere]">{sentence}</bdi>
              <span className="block text-xs font-normal text-ink-3">
                <code>{codes || MISSING}</code>
              </span>
            </th>
            <td className="n">{formatCount(count)}</td>
            <td className="max-sm:hidden">
              <code className="[overflow-wrap:anywhere]">{example}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
