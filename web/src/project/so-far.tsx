// The finding in two sentences, marked provisional until all units are in.
import type { Batch, Presentation } from '@manyhands/contract';
import { useMemo } from 'react';
import { type Findings, NO_FINDINGS } from '../api/findings.js';
import { Note } from '../common/note.js';
import { formatCount, formatShare, plural } from '../format/numbers.js';
import { settledShare } from './batch-words.js';
import { identityInWords, joinSegments, lengthOf } from './stretches.js';

export type SoFarProps = {
  readonly batch: Batch;
  readonly presentation: Presentation;
  readonly findings: Findings | undefined;
};

export function SoFar({ batch, presentation, findings = NO_FINDINGS }: SoFarProps) {
  const stretches = useMemo(() => joinSegments(findings.segments), [findings.segments]);
  const longest = stretches[0];
  const isOpen = batch.state === 'open';
  if (!longest) {
    if (batch.counts.accepted === 0) return null;
    return (
      <Note kind="plain" title={isOpen ? 'So far: nothing found' : 'Nothing was found'}>
        {formatShare(settledShare(batch))} of the units are in{isOpen ? '; the rest may still hold something.' : '.'}
      </Note>
    );
  }
  return (
    <Note
      kind="ok"
      title={`${plural(stretches.length, 'matching stretch', 'matching stretches')} found${isOpen ? ' so far' : ''}`}
    >
      The longest runs from {formatCount(longest.xStart)} to {formatCount(longest.xEnd)} ({presentation.x.label}):{' '}
      {formatCount(lengthOf(longest))} long, {identityInWords(longest)} of it alike.{' '}
      {isOpen && `Provisional: ${formatShare(settledShare(batch))} of the units are in.`}
    </Note>
  );
}
