// Runs the tests of the copy with the runner that `npm test` uses, until the first failure.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import type { Stage, TestFile } from './stages.js';

export type Run = { readonly isGreen: boolean; readonly failedFile: string | null; readonly output: string };

type Report = { testResults: { name: string; message: string; assertionResults: { status: string }[] }[] };

/** The project of the tests that only `npm run test:all` runs. */
const LONG = 'long';

export class Tests {
  constructor(private readonly root: string) {}

  /** What `npm test` runs: all but the long ones. */
  async list(): Promise<TestFile[]> {
    const { status, stdout, stderr } = await this.run('vitest', ['list', '--filesOnly', '--json']);
    if (status !== 0) throw new Error(`the tests could not be listed:\n${stdout}${stderr}`);
    const found = JSON.parse(stdout.slice(stdout.indexOf('['))) as { file: string; projectName: string }[];
    return found
      .filter(({ projectName }) => projectName !== LONG)
      .map(({ file, projectName }) => ({
        path: relative(this.root, file),
        project: projectName,
        text: readFileSync(file, 'utf8'),
      }));
  }

  /** What is stale is built. Returns what the compiler says against it, or null. */
  async build(): Promise<string | null> {
    const { status, stdout, stderr } = await this.run('node', ['scripts/setup.mjs']);
    return status === 0 ? null : `${stderr}${stdout}`;
  }

  async runStage({ projects, files }: Pick<Stage, 'projects' | 'files'>): Promise<Run> {
    const report = join(this.root, '.build', 'mutation-report.json');
    rmSync(report, { force: true });
    const { status, stdout, stderr } = await this.run('node', [
      ...['scripts/test.mjs', '--bail=1', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      ...projects.map((project) => `--project=${project}`),
      ...(files ?? []),
    ]);
    const output = `${stdout}${stderr}`;
    if (status === 0) return { isGreen: true, failedFile: null, output };
    return { isGreen: false, failedFile: this.failedFile(report), output };
  }

  private failedFile(report: string): string | null {
    try {
      const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
      // Files that the failure of another kept from running are said to have failed too, without a word.
      const failed =
        testResults.find(({ assertionResults }) => assertionResults.some(({ status }) => status === 'failed')) ??
        testResults.find(({ message }) => message !== '');
      return failed ? relative(this.root, failed.name) : null;
    } catch {
      return null; // it did not come as far as a report
    }
  }

  private run(
    command: string,
    parameters: readonly string[],
  ): Promise<{ status: number | null; stdout: string; stderr: string }> {
    const bin = join(this.root, 'node_modules/.bin');
    const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
    const env = { ...process.env, PATH: [bin, ...path].join(delimiter), FORCE_COLOR: '0', NO_COLOR: '1' };
    const child = spawn(command, parameters, { cwd: this.root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    return new Promise((resolve, reject) => {
      child.on('error', reject).on('close', (status) => resolve({ status, stdout, stderr }));
    });
  }
}
