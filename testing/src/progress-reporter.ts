// What a run of tests shows: how far it is, each file that failed, and the summary at its end.
import { relative } from 'node:path';
import { DefaultReporter, type TestModule, type TestSpecification } from 'vitest/node';

/** Where nobody watches, a line now and then is enough. */
const PIPE_INTERVAL_MS = 20_000;
const TERMINAL_INTERVAL_MS = 500;
const ERASE_LINE = '\r\u001b[K';
const NAMES_MAXIMUM = 3;
const WIDTH_DEFAULT = 120;

export class ProgressReporter extends DefaultReporter {
  readonly #isTerminal = process.stdout.isTTY === true;
  readonly #running = new Set<TestModule>();
  #files = 0;
  #done = 0;
  #tests = 0;
  #failed = 0;
  #startedMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    super({ summary: false });
  }

  override onTestRunStart(specifications: readonly TestSpecification[]): void {
    super.onTestRunStart(specifications);
    this.#files = specifications.length;
    this.#startedMs = performance.now();
    this.#timer = setInterval(() => this.#show(), this.#isTerminal ? TERMINAL_INTERVAL_MS : PIPE_INTERVAL_MS);
    this.#timer.unref();
  }

  override onTestModuleCollected(module: TestModule): void {
    super.onTestModuleCollected(module);
    this.#running.add(module);
  }

  override onTestModuleEnd(module: TestModule): void {
    this.#running.delete(module);
    this.#done++;
    for (const test of module.children.allTests()) {
      this.#tests++;
      if (test.result().state === 'failed') this.#failed++;
    }
    if (module.state() !== 'failed') return;
    this.#erase();
    super.onTestModuleEnd(module);
  }

  override onTestRunEnd(...end: Parameters<DefaultReporter['onTestRunEnd']>): void {
    clearInterval(this.#timer);
    this.#erase();
    super.onTestRunEnd(...end);
  }

  override onUserConsoleLog(...log: Parameters<DefaultReporter['onUserConsoleLog']>): void {
    this.#erase();
    super.onUserConsoleLog(...log);
  }

  #erase(): void {
    if (this.#isTerminal) process.stdout.write(ERASE_LINE);
  }

  #show(): void {
    const line = progressLine({
      files: this.#files,
      done: this.#done,
      tests: this.#tests,
      failed: this.#failed,
      elapsedMs: performance.now() - this.#startedMs,
      running: [...this.#running].map(({ moduleId }) => relative(process.cwd(), moduleId)),
    });
    if (!this.#isTerminal) console.log(line);
    else process.stdout.write(ERASE_LINE + line.slice(0, (process.stdout.columns ?? WIDTH_DEFAULT) - 1));
  }
}

type Progress = {
  files: number;
  done: number;
  tests: number;
  failed: number;
  elapsedMs: number;
  running: readonly string[];
};

/** `34 of 163 files, 512 tests passed, 1 failed, 1:23; running …` */
export function progressLine({ files, done, tests, failed, elapsedMs, running }: Progress): string {
  const seconds = Math.floor(elapsedMs / 1000);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  const names = running.slice(0, NAMES_MAXIMUM).join(', ') + (running.length > NAMES_MAXIMUM ? ', …' : '');
  const now = names === '' ? '' : `; running ${names}`;
  return `${done} of ${files} files, ${tests - failed} tests passed, ${failed} failed, ${time}${now}`;
}
