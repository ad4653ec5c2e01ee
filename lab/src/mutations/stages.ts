// In which order the tests run against a planted fault: those nearest to it first, so that most faults are caught within seconds.
import { basename } from 'node:path';

export type TestFile = {
  /** Path from the root of the repository. */
  readonly path: string;
  /** The project of the test runner that it belongs to: `unit`, `system`, … */
  readonly project: string;
  readonly text: string;
};

export type Stage = {
  readonly label: string;
  readonly projects: readonly string[];
  /** Null: every file of the projects. */
  readonly files: readonly string[] | null;
  /** Unit tests and components in a browser run from the sources; all others need the build. */
  readonly needsBuild: boolean;
};

/** It looks whether the faults fit the sources, and so sees every one that is planted: that would be no merit. */
const LIST_TEST = 'lab/test/unit/mutations.test.ts';
const FROM_SOURCES = new Set(['unit', 'browser']);

/** Together the stages run every test at least once. */
export function stagesFor(file: string, known: readonly TestFile[]): Stage[] {
  const tests = known.filter(({ path }) => path !== LIST_TEST);
  const part = file.slice(0, file.indexOf('/') + 1);
  const module = new RegExp(`/${escaped(basename(file).replace(/\.tsx?$/, ''))}\\.(js|tsx?)'`);
  const unit = tests.filter(({ project }) => project === 'unit');
  const browser = tests.filter(({ project }) => project === 'browser');
  const system = tests.filter(({ project }) => !FROM_SOURCES.has(project));
  const ofPart = ({ path }: TestFile): boolean => path.startsWith(part);
  const direct = unit.filter((test) => ofPart(test) && module.test(test.text));
  return [
    stage('unit tests that import it', direct),
    stage(`unit tests of ${part}`, unit.filter(ofPart)),
    stage(`browser tests of ${part}`, browser.filter(ofPart)),
    stage('all unit tests', unit),
    stage(`system tests of ${part}`, system.filter(ofPart)),
    { label: 'all other tests', projects: projectsOf([...system, ...browser]), files: null, needsBuild: true },
  ].filter(({ files, projects }) => projects.length > 0 && files?.length !== 0);
}

function stage(label: string, tests: readonly TestFile[]): Stage {
  const needsBuild = tests.some(({ project }) => !FROM_SOURCES.has(project));
  return { label, projects: projectsOf(tests), files: tests.map(({ path }) => path), needsBuild };
}

function projectsOf(tests: readonly TestFile[]): string[] {
  return [...new Set(tests.map(({ project }) => project))];
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
