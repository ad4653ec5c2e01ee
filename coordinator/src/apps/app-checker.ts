// Re-runs the pinned pipeline on published app versions, one at a time, each in a confined process of lowest priority that may be killed.
import {
  type AppVersion,
  afterAwake,
  appVersionSchema,
  type ErrorBody,
  errorBodySchema,
  ManyhandsError,
  toBase64Url,
} from '@manyhands/contract';
import { type Confined, describeWall, findWall, type Wall, watchMemory } from '@manyhands/sandbox';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { openRecord } from '../auth/envelopes.js';
import { Changes } from '../config/changes.js';
import { LOGGER } from '../config/logger.js';
import { Settings } from '../config/settings.js';
import { AppsRepository, type AppVersionRow } from './apps.repository.js';
import type { CheckRequest } from './check/check-module.js';
import type { CheckLimits } from './check/check-process.js';
import { blockFilesOf, launchCheck } from './launch-check.js';

/** A busy machine gives a process of lowest priority little of its time. */
const WALL_CLOCK_FACTOR = 5;
const REASON_MAXIMUM_CHARACTERS = 200;
const MEBIBYTE = 2 ** 20;
/** How the engine ends without room, as the first process of a namespace too: there SIGABRT does nothing. */
const OUT_OF_ROOM: readonly unknown[] = [
  'SIGABRT',
  'SIGSEGV',
  'SIGTRAP',
  'SIGILL',
  128 + 6,
  128 + 11,
  128 + 5,
  128 + 4,
];

/** The process has met a program of a stranger: what it says is checked before it is believed. */
const verdictSchema = z.object({ refusal: errorBodySchema.nullable() });

@Injectable()
export class AppChecker implements OnApplicationBootstrap, OnModuleDestroy {
  #child: Confined | undefined;
  #wall: Promise<Wall> | undefined;
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
    this.#child?.end();
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
    const { appCheckTimeoutMs, appCheckMemoryBytes: memoryBytes, nice } = this.settings.options;
    const { original, builds, memoryMaximumBytes } = this.recordOf(row);
    const blockFiles = await blockFilesOf({ original, builds }, this.settings.folder.blocks);
    const wall = await this.wall();
    if (this.#isStopped) return null;
    const confined = launchCheck({ nice, memoryBytes, blockFiles }, wall);
    this.#child = confined;
    const limits: CheckLimits = { cpuMs: appCheckTimeoutMs, memoryBytes };
    const request: CheckRequest = { blockFiles, original, builds, memoryMaximumBytes };
    confined.child.send({ request, limits }, () => {});
    try {
      return await verdictOf(confined, { timeoutMs: WALL_CLOCK_FACTOR * appCheckTimeoutMs, memoryBytes });
    } finally {
      confined.end();
    }
  }

  /** Tried once, when the first program is checked. */
  private wall(): Promise<Wall> {
    this.#wall ??= findWall({ policy: 'best' }).then((wall) => {
      this.logger.info({ sandbox: wall.report }, describeWall(wall.report));
      return wall;
    });
    return this.#wall;
  }

  private recordOf({ record }: AppVersionRow): AppVersion {
    const expected = { type: 'app-version', schema: appVersionSchema } as const;
    return openRecord(toBase64Url(record), this.settings, expected).value;
  }
}

/** What the process says; why it was ended; a refusal that may be tried again when it says nothing in time. */
function verdictOf(
  confined: Confined,
  { timeoutMs, memoryBytes }: { timeoutMs: number; memoryBytes: number },
): Promise<ErrorBody | null> {
  const { child } = confined;
  return new Promise((resolve) => {
    let reason = '';
    const tooMuchMemory = `more than ${Math.round(memoryBytes / MEBIBYTE)} MiB of memory`;
    const endFor = (why: string): void => {
      reason = (reason + why).slice(0, REASON_MAXIMUM_CHARACTERS);
      confined.end();
    };
    child.stdout?.on('data', (part: Buffer) => endFor(part.toString()));
    child.stderr?.resume();
    const stopWatching = watchMemory(confined, (residentBytes) => {
      if (residentBytes > memoryBytes && !reason) endFor(tooMuchMemory);
    });
    const stopTimer = afterAwake(timeoutMs, () => resolve(trouble('The check of the module took too long.')));
    child.once('message', (message) => {
      const verdict = verdictSchema.safeParse(message);
      if (!verdict.success) resolve(trouble('The check of the module said something else.'));
      else resolve(verdict.data.refusal && ManyhandsError.fromObject(verdict.data.refusal).toObject());
    });
    child.once('error', () => resolve(trouble('The process that checks modules could not be started.')));
    child.once('close', (code, signal) => {
      stopTimer();
      stopWatching();
      if (confined.isOverMemory) reason ||= tooMuchMemory;
      if (OUT_OF_ROOM.includes(signal ?? code)) reason ||= 'more memory than there is';
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

function trouble(message: string): ErrorBody {
  return new ManyhandsError('MH-GEN-004', { message }).toObject();
}
