// The finding in two sentences, marked provisional until all units are in.
import type { Batch, Presentation } from '@manyhands/contract';
import { useMemo } from 'react';
import { Note } from '../common/note.js';
import { type Findings, NO_FINDINGS } from '../findings/findings.js';
import { formatCount, formatShare, plural } from '../format/numbers.js';
import { identityInWords, joinSegments, lengthOf } from '../stretches/stretches.js';
import { settledShare } from './batch-words.js';

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
