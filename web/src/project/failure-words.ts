// Units without a result, grouped by what became of them: what failed apart from what was only ended.
import { type Ending, endingOf, sentenceOf } from '@manyhands/contract/words';
import type { Failure } from '../findings/findings.js';

export type FailureGroup = {
  readonly ending: Ending;
  /** What the reader is told. */
  readonly sentence: string;
  /** The codes behind it. */
  readonly codes: string;
  readonly count: number;
  /** The name of one of them. */
  readonly example: string;
};

/** True failures first, then the most frequent. */
export function groupFailures(failures: Iterable<Failure>): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const failure of failures) {
    const ending = endingOf(failure.code);
    const sentence = reasonOf(failure, ending);
    const codes = [failure.code, ending === 'failed' ? failure.cause : null].filter(Boolean).join(' ');
    const key = JSON.stringify([sentence, codes]);
    const before = groups.get(key);
    groups.set(key, {
      ending,
      sentence,
      codes,
      count: (before?.count ?? 0) + 1,
      example: before?.example ?? failure.name,
    });
  }
  return [...groups.values()].sort(
    (left, right) => Number(right.ending === 'failed') - Number(left.ending === 'failed') || right.count - left.count,
  );
}

/** The program's own words where there are any, else the sentence of the code that says most. */
function reasonOf({ code, cause, message }: Failure, ending: Ending): string {
  if (ending !== 'failed') return sentenceOf(code);
  return message || sentenceOf(cause ?? code);
}

const CAPTIONS: Readonly<Record<Ending, string>> = {
  failed:
    'These units failed in the same way on several computers, or on too many of them, and are not tried again by themselves. That’s the program or its input, not the volunteers.',
  cancelled: 'Nothing failed: these units were still open when the batch was cancelled.',
  expired: 'Nothing failed: these units were still open when the time of the batch ran out.',
  stopped: 'Nothing failed: these units were still open when the operator stopped their program.',
};

/** What to make of it; of several kinds the true failures count. */
export function captionOf(groups: readonly FailureGroup[]): string {
  const endings = new Set(groups.map(({ ending }) => ending));
  if (endings.has('failed') && endings.size > 1) {
    return `${CAPTIONS.failed} Units that were only ended with their batch did not fail.`;
  }
  const [ending = 'failed'] = endings;
  return CAPTIONS[ending];
}
