// What the report of a run says of the tests that were wanted.

/** Of vitest's JSON reporter. */
export type Report = {
  testResults: {
    name: string;
    message: string;
    assertionResults: { title: string; status: string; failureMessages: string[] }[];
  }[];
};

/**
 * `assertion`: what was there is not what should be; `wait`: what should come never came; `other`: anything else that ended the test; `passed`: the fault is not
 * there, or the test does not see it; `missing`: there is no such test, or it did not run.
 */
export type Outcome = 'assertion' | 'wait' | 'other' | 'passed' | 'missing';
export type Finding = { readonly test: string; readonly outcome: Outcome; readonly says: string };

const SAID_MAXIMUM = 240;

/** One finding for each test whose name begins so; several when several do, `missing` when none does. */
export function findingsOf(report: Report | null, start: string): Finding[] {
  const file = report?.testResults[0];
  const results = (file?.assertionResults ?? []).filter(
    ({ title, status }) => title.startsWith(start) && ['passed', 'failed'].includes(status),
  );
  if (results.length === 0) return [{ test: start, outcome: 'missing', says: firstLine(file?.message ?? '') }];
  return results.map(({ title, status, failureMessages: [message = ''] }) => ({
    test: title,
    ...(status === 'passed' ? { outcome: 'passed', says: '' } : { outcome: kindOf(message), says: firstLine(message) }),
  }));
}

function kindOf(message: string): Outcome {
  if (message.startsWith('AssertionError')) return 'assertion';
  return /\bwaited \d+ s for /.test(message) || message.includes('Test timed out') ? 'wait' : 'other';
}

function firstLine(message: string): string {
  const waited = /waited \d+ s for .*/.exec(message)?.[0];
  return (waited ?? message.split('\n')[0] ?? '').slice(0, SAID_MAXIMUM);
}
