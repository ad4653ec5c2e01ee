// Re-runs the pinned pipeline on published app versions, one at a time, each in a child process of lowest priority that may be killed.
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAwake, appVersionSchema, type ErrorBody, ManyhandsError, toBase64Url } from '@manyhands/contract';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { openRecord } from '../auth/envelopes.js';
import { Changes } from '../config/changes.js';
import { LOGGER } from '../config/logger.js';
import { Settings } from '../config/settings.js';
import { AppsRepository, type AppVersionRow } from './apps.repository.js';
import type { CheckRequest, CheckVerdict } from './check-module.js';
import type { CheckLimits } from './check-process.js';

/** A busy machine gives a process of lowest priority little of its time. */
const WALL_CLOCK_FACTOR = 5;
const REASON_MAXIMUM_CHARACTERS = 200;

@Injectable()
export class AppChecker implements OnApplicationBootstrap, OnModuleDestroy {
  #child: ChildProcess | undefined;
  #work: Promise<void> | undefined;
  #isStopped = false;

  constructor(
    private readonly settings: Settings,
    private readonly apps: AppsRepository,
    private readonly changes: Changes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.wake();
  }

  async onModuleDestroy(): Promise<void> {
    this.#isStopped = true;
    this.#child?.kill('SIGKILL');
    await this.#work;
  }

  /** Looks for pending app versions unless it does already. */
  wake(): void {
    if (this.#isStopped || this.#work) return;
    this.#work = this.checkAll()
      .catch((err: unknown) => this.logger.error({ err }, 'the check of app versions failed'))
      .finally(() => {
        this.#work = undefined;
      });
  }

  private async checkAll(): Promise<void> {
    for (let row = this.apps.nextPending(); row && !this.#isStopped; row = this.apps.nextPending()) {
      const refusal = await this.check(row);
      if (this.#isStopped) return;
      await this.apps.move(row.rowId, { from: 'pending', to: refusal ? 'refused' : 'ready', refusal });
      this.changes.emit({ kind: 'app-version', appVersionRowId: row.rowId });
      this.logger.info({ appVersionId: row.appVersionId, code: refusal?.code }, 'app version checked');
    }
  }

  private async check(row: AppVersionRow): Promise<ErrorBody | null> {
    const { appCheckTimeoutMs, appCheckMemoryBytes, nice } = this.settings.options;
    const child = fork(checkProcessPath(), [], {
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.#child = child;
    if (child.pid !== undefined) lowerPriority(child.pid, nice);
    const limits: CheckLimits = { cpuMs: appCheckTimeoutMs, memoryBytes: appCheckMemoryBytes };
    child.send({ request: this.requestOf(row), limits }, () => {});
    try {
      return await verdictOf(child, WALL_CLOCK_FACTOR * appCheckTimeoutMs);
    } finally {
      child.kill('SIGKILL');
    }
  }

  private requestOf({ record }: AppVersionRow): CheckRequest {
    const expected = { type: 'app-version', schema: appVersionSchema } as const;
    const { original, builds, memoryMaximumBytes } = openRecord(toBase64Url(record), this.settings, expected).value;
    return { blocksDirectory: this.settings.folder.blocks, original, builds, memoryMaximumBytes };
  }
}

/** What the child says; why it was ended; a refusal that may be tried again when it says nothing in time. */
function verdictOf(child: ChildProcess, timeoutMs: number): Promise<ErrorBody | null> {
  return new Promise((resolve) => {
    let reason = '';
    child.stdout?.on('data', (part: Buffer) => {
      reason = (reason + part.toString()).slice(0, REASON_MAXIMUM_CHARACTERS);
    });
    const stopTimer = afterAwake(timeoutMs, () => resolve(trouble('The check of the module took too long.')));
    child.once('message', (verdict: CheckVerdict) => resolve(verdict.refusal));
    child.once('error', () => resolve(trouble('The process that checks modules could not be started.')));
    child.once('close', (_code, signal) => {
      stopTimer();
      if (signal === 'SIGABRT') reason ||= 'more memory than there is'; // how the engine ends without room
      resolve(reason ? tooDear(reason) : trouble('The check of the module ended early.'));
    });
  });
}

function tooDear(reason: string): ErrorBody {
  return new ManyhandsError('MH-MOD-016', {
    message: `Instrumenting the module takes ${reason}.`,
    meta: { reason },
  }).toObject();
}

function lowerPriority(pid: number, nice: number): void {
  try {
    setPriority(pid, nice);
  } catch {
    // the child has ended already, or the system forbids it: the check itself is still right
  }
}

function trouble(message: string): ErrorBody {
  return new ManyhandsError('MH-GEN-004', { message }).toObject();
}

/** The child is a real file: from sources it is the built one. */
function checkProcessPath(): string {
  const beside = fileURLToPath(new URL('./check-process.js', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../dist/apps/check-process.js', import.meta.url));
}
