// The same as the dot plot, as a table.
import type { Batch, Presentation } from '@manyhands/contract';
import { uncheckedInWords } from '@manyhands/contract/words';
import { useMemo } from 'react';
import type { Polled } from '../api/use-polled.js';
import { Empty } from '../common/empty.js';
import { commandLine } from '../common/program.js';
import { RowsLoading } from '../common/rows-loading.js';
import { useShowMore } from '../common/show-more.js';
import { type Findings, NO_FINDINGS } from '../findings/findings.js';
import { formatCount } from '../format/numbers.js';
import { identityInWords, joinSegments, lengthOf, type Stretch } from '../stretches/stretches.js';

const SHOWN_FIRST = 8;

export type StretchTableProps = {
  readonly batch: Batch;
  readonly presentation: Presentation;
  readonly findings: Polled<Findings>;
};

export function StretchTable({ batch, presentation, findings }: StretchTableProps) {
  const { segments } = findings.data ?? NO_FINDINGS;
  const stretches = useMemo(() => joinSegments(segments), [segments]);
  const { rows, button } = useShowMore(stretches, SHOWN_FIRST);
  const isOpen = batch.state === 'open';
  const unchecked = uncheckedInWords(batch);
  return (
    <div className="page grid grid-cols-[minmax(0,1fr)] gap-8 lg:grid-cols-[minmax(0,8fr)_minmax(0,4fr)] lg:gap-12">
      <div className="min-w-0">
        <h2 id="results" className="mb-4 scroll-mt-6">
          {isOpen ? 'What we see so far' : 'What was found'}
        </h2>
        {findings.error && !findings.data && (
          <p className="text-sm text-ink-2">The results couldn’t be read; the picture above says why.</p>
        )}
        {findings.isLoading && <RowsLoading rowCount={4} />}
        {findings.data && stretches.length === 0 && (
          <Empty>
            {isOpen
              ? 'Nothing has been found yet. Rows appear as units are accepted; stretches that are alike may still come.'
              : 'Nothing that is alike was found.'}
          </Empty>
        )}
        {stretches.length > 0 && <Rows rows={rows} presentation={presentation} isOpen={isOpen} />}
        {button}
      </div>
      <div className="space-y-4">
        <h3>How to read it</h3>
        <p className="text-ink-2">
          A long stretch of high identity is the same thing in both. Two rows that change places, or a reversed one,
          show where it was cut and turned.
        </p>
        <p className="text-sm text-ink-2">
          {unchecked
            ? `Take these results as unverified: ${unchecked}.`
            : `Every unit was computed on ${batch.quorum} computers of different people, and counts only if their answers are equal byte for byte.`}{' '}
          Pieces that overlapping units found of one stretch are joined here for reading; their identity is then a close
          estimate, marked ~.
        </p>
        <p className="text-sm text-ink-2">
          Anyone can compute a unit again and compare:{' '}
          <code className="[overflow-wrap:anywhere]">{commandLine('unit', 'reproduce', '--help')}</code>
        </p>
      </div>
    </div>
  );
}

type RowsProps = {
  readonly rows: readonly Stretch[];
  readonly presentation: Presentation;
  readonly isOpen: boolean;
};

function Rows({ rows, presentation, isOpen }: RowsProps) {
  return (
    <table className="data">
      <caption>Longest first.{isOpen && ' Provisional until all units are in.'}</caption>
      <thead>
        <tr>
          <th scope="col" className="[overflow-wrap:anywhere]">
            {presentation.x.label}
          </th>
          <th scope="col" className="[overflow-wrap:anywhere] max-sm:hidden">
            {presentation.y.label}
          </th>
          <th scope="col" className="max-sm:hidden">
            Direction
          </th>
          <th scope="col" className="n">
            Length
          </th>
          <th scope="col" className="n">
            Identity
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.xStart} ${row.yStart} ${row.strand}`} className="arrive">
            <th scope="row">
              <span className="whitespace-nowrap">
                {formatCount(row.xStart)} to {formatCount(row.xEnd)}
              </span>
              <span className="block text-xs font-normal text-ink-3 sm:hidden">
                at {formatCount(row.yStart)} to {formatCount(row.yEnd)}, {directionOf(row)}
              </span>
            </th>
            <td className="whitespace-nowrap max-sm:hidden">
              {formatCount(row.yStart)} to {formatCount(row.yEnd)}
            </td>
            <td className="max-sm:hidden">{directionOf(row)}</td>
            <td className="n">{formatCount(lengthOf(row))}</td>
            <td className="n">{identityInWords(row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function directionOf({ strand }: Stretch): string {
  return strand === '+' ? 'same' : 'reversed';
}
