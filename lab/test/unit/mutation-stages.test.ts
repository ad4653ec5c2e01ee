// The order of the tests against a planted fault, and what counts as caught.
import { describe, expect, it } from 'vitest';
import { type JudgeDependencies, judge } from '../../src/mutations/judge.js';
import { type Stage, stagesFor, type TestFile } from '../../src/mutations/stages.js';

const test = (path: string, project: string, text = ''): TestFile => ({ path, project, text });
const TESTS = [
  test('cli/test/unit/quantities.test.ts', 'unit', "import { parseSize } from '../../src/support/quantities.js';"),
  test('cli/test/unit/words.test.ts', 'unit', "import { splitWords } from '../../src/support/words.js';"),
  test('web/test/unit/numbers.test.ts', 'unit', "from '../../src/quantities.js'"),
  test('cli/test/system/usage.test.ts', 'system'),
  test('web/test/system/pages.test.ts', 'system'),
  // Sees every planted fault by itself.
  test('lab/test/unit/mutations.test.ts', 'unit'),
];
const UNIT = ['cli/test/unit/quantities.test.ts', 'cli/test/unit/words.test.ts', 'web/test/unit/numbers.test.ts'];

describe('the stages', () => {
  it('begin with the tests that are nearest, and end with all', () => {
    expect(stagesFor('cli/src/support/quantities.ts', TESTS)).toEqual([
      stage('unit tests that import it', 'unit', ['cli/test/unit/quantities.test.ts']),
      stage('unit tests of cli/', 'unit', ['cli/test/unit/quantities.test.ts', 'cli/test/unit/words.test.ts']),
      stage('all unit tests', 'unit', UNIT),
      stage('system tests of cli/', 'system', ['cli/test/system/usage.test.ts']),
      stage('all other tests', 'system', null),
    ]);
  });

  it('have components in a browser before anything that needs the build', () => {
    const browser = test('web/test/browser/tabs.test.tsx', 'browser');
    const stages = stagesFor('web/src/common/tabs.tsx', [...TESTS, browser]);
    expect(stages.map(({ label, needsBuild }) => [label, needsBuild])).toEqual([
      ['unit tests of web/', false],
      ['browser tests of web/', false],
      ['all unit tests', false],
      ['system tests of web/', true],
      ['all other tests', true],
    ]);
  });

  it('leave out what is empty', () => {
    expect(stagesFor('sdk/src/index.ts', TESTS).map(({ label }) => label)).toEqual([
      'all unit tests',
      'all other tests',
    ]);
  });
});

describe('the verdict', () => {
  const stages = [stage('near', 'unit', ['a.test.ts']), stage('far', 'system', null)];

  it('is missed when every test passes', async () => {
    expect(await judged({})).toMatchObject({ outcome: 'missed', by: null });
  });

  it('is caught by the first file that fails twice', async () => {
    expect(await judged({ far: ['b.test.ts', 'b.test.ts'] })).toMatchObject({
      outcome: 'caught',
      by: 'b.test.ts',
      stage: 'far',
    });
  });

  it('is not caught by a test that passes the second time', async () => {
    expect(await judged({ near: ['a.test.ts', null] })).toMatchObject({ outcome: 'missed' });
  });

  it('is the compiler’s when no unit test saw it and it does not build', async () => {
    expect(await judged({ complaint: 'compiling ...\na.ts(1,1): error TS1: no\n' })).toEqual({
      outcome: 'compiler',
      by: 'a.ts(1,1): error TS1: no',
      stage: 'build',
    });
    expect(await judged({ complaint: 'error', near: ['a.test.ts', 'a.test.ts'] })).toMatchObject({ outcome: 'caught' });
  });

  /** `near`, `far`: what fails in the runs of each stage, in turn; then everything passes. */
  async function judged({ near = [], far = [], complaint = null }: Script): ReturnType<typeof judge> {
    const left = { unit: [...near], system: [...far] };
    const tests: JudgeDependencies['tests'] = {
      build: async () => complaint,
      runStage: async ({ projects }) => {
        const failedFile = left[projects[0] as 'unit' | 'system'].shift() ?? null;
        return { isGreen: failedFile === null, failedFile, output: '' };
      },
    };
    return judge({ stages }, { tests, log: () => undefined });
  }
});

type Script = { near?: (string | null)[]; far?: (string | null)[]; complaint?: string | null };

function stage(label: string, project: string, files: string[] | null): Stage {
  return { label, projects: [project], files, needsBuild: project !== 'unit' };
}
