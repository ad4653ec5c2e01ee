import { describe, expect, test } from 'vitest';
import { addOutcomes, NO_FINDINGS } from '../../src/findings/findings.js';
import { presentation } from '../fixtures/answers.js';
import { failedOutcomes, outcomes } from '../fixtures/outcomes.js';

describe('findings', () => {
  test('are the same in one step and in many', () => {
    const once = addOutcomes(NO_FINDINGS, outcomes, presentation);
    const slowly = outcomes.reduce((findings, outcome) => addOutcomes(findings, [outcome], presentation), NO_FINDINGS);
    expect(slowly).toEqual(once);
    expect(once).toMatchObject({ lastSequence: 67, readCount: 68, undrawnCount: 0 });
    expect(once.windows).toHaveLength(68);
    expect(once.segments.length).toBeGreaterThan(15);
  });

  test('stay the very same when nothing was settled, so that nothing is drawn again', () => {
    const before = addOutcomes(NO_FINDINGS, outcomes.slice(0, 5), presentation);
    expect(addOutcomes(before, [], presentation)).toBe(before);
  });

  test('forget a failure when the unit is accepted after a retry', () => {
    const failed = addOutcomes(NO_FINDINGS, failedOutcomes, null);
    expect([...failed.failures.keys()]).toEqual([3, 17, 40]);
    const [accepted] = outcomes;
    const retried = accepted ? [{ ...accepted, sequence: 99, index: 17 }] : [];
    expect([...addOutcomes(failed, retried, null).failures.keys()]).toEqual([3, 40]);
  });

  test('count outputs too long to come with the list', () => {
    const long = outcomes.slice(0, 2).map((outcome) => ({ ...outcome, stdout: null }));
    expect(addOutcomes(NO_FINDINGS, long, presentation)).toMatchObject({ undrawnCount: 2, segments: [] });
    expect(addOutcomes(NO_FINDINGS, long, null)).toMatchObject({ undrawnCount: 0 });
  });
});
