// Re-runs the pinned pipeline on published app versions, one at a time and in turns, each in a confined process of lowest priority that may be killed.
import { type AppVersion, appVersionSchema, type ErrorBody, toBase64Url } from '@manyhands/contract';
import { describeWall, findWall, type Wall } from '@manyhands/sandbox';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { openRecord } from '../auth/envelopes.js';
import { Changes } from '../config/changes.js';
import { LOGGER } from '../config/logger.js';
import { Settings } from '../config/settings.js';
import { AppsRepository, type AppVersionRow } from './apps.repository.js';
import type { CheckRequest } from './check/check-module.js';
import type { CheckLimits } from './check/check-process.js';
import { CheckRun } from './check-run.js';
import {
  afterGivingWay,
  afterTurn,
  type Check,
  newCheck,
  nextTurn,
  STOPPED_MAXIMUM,
  type Turn,
} from './domain/check-turns.js';
import { CheckUse } from './domain/check-use.js';
import { blockFilesOf, launchCheck } from './launch-check.js';

@Injectable()
export class AppChecker implements OnApplicationBootstrap, OnModuleDestroy {
  /** By row of the app version. */
  readonly #checks = new Map<number, Check>();
  readonly #runs = new Map<number, CheckRun>();
  readonly #use = new CheckUse();
  #wall: Promise<Wall> | undefined;
  #work: Promise<void> | undefined;
  #isStopped = false;
  readonly #endAll = (): void => {
    for (const run of this.#runs.values()) run.end();
  };

  constructor(
    private readonly settings: Settings,
    private readonly apps: AppsRepository,
    private readonly changes: Changes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    process.once('exit', this.#endAll); // who is stopped does not notice that nobody is there any more
    this.wake();
  }

  async onModuleDestroy(): Promise<void> {
    this.#isStopped = true;
    this.#endAll();
    await this.#work;
    process.off('exit', this.#endAll);
  }

  /** Looks for pending app versions unless it does already. */
  wake(): void {
    if (this.#isStopped || this.#work) return;
    this.#work = this.checkAll()
      .catch((err: unknown) => this.logger.error({ err }, 'the check of app versions failed'))
      .finally(() => {
        this.#work = undefined;
        this.#endAll();
        this.#runs.clear();
        this.#checks.clear();
      });
  }

  private async checkAll(): Promise<void> {
    while (!this.#isStopped) {
      this.takeUp();
      const turn = nextTurn([...this.#checks.values()], (projectRowId) => this.#use.usedMs(projectRowId, Date.now()));
      if (!turn) return;
      await this.take(turn);
    }
  }

  /** Checks what is pending, and nothing else any more. */
  private takeUp(): void {
    const pending = new Map(this.apps.pending().map((row) => [row.rowId, row]));
    for (const rowId of this.#checks.keys()) if (!pending.has(rowId)) this.forget(rowId);
    for (const [rowId, row] of pending) if (!this.#checks.has(rowId)) this.#checks.set(rowId, newCheck(row));
  }

  private async take({ check, turnMs, givesWay }: Turn): Promise<void> {
    const { rowId, projectRowId } = check;
    if (givesWay) {
      this.endRun(givesWay.rowId);
      this.#checks.set(givesWay.rowId, afterGivingWay(givesWay));
    }
    const run = this.#runs.get(rowId) ?? (await this.begin(rowId));
    if (!run || this.#isStopped) return;
    const beforeMs = run.usedMs;
    const end = await run.turn(turnMs);
    this.#use.add(projectRowId, run.usedMs - beforeMs, Date.now());
    if (this.#isStopped) return;
    if (end.isDone) return this.settle(rowId, end.refusal);
    const isFull = this.isFullWith(check, run);
    if (isFull) this.endRun(rowId);
    this.#checks.set(rowId, afterTurn(check, { usedMs: run.usedMs, isFull }));
  }

  private async settle(rowId: number, refusal: ErrorBody | null): Promise<void> {
    const row = this.apps.findRow(rowId);
    this.forget(rowId);
    await this.apps.move(rowId, { from: 'pending', to: refusal ? 'refused' : 'ready', refusal });
    this.changes.emit({ kind: 'app-version', appVersionRowId: rowId });
    this.logger.info({ appVersionId: row?.appVersionId, code: refusal?.code }, 'app version checked');
  }

  /** Undefined when there is nothing to check any more. */
  private async begin(rowId: number): Promise<CheckRun | undefined> {
    const row = this.apps.findRow(rowId);
    if (!row) return undefined;
    const { appCheckTimeoutMs: cpuMs, appCheckMemoryBytes: memoryBytes, nice } = this.settings.options;
    const { original, builds, memoryMaximumBytes } = this.recordOf(row);
    const blockFiles = await blockFilesOf({ original, builds }, this.settings.folder.blocks);
    const wall = await this.wall();
    if (this.#isStopped) return undefined;
    const confined = launchCheck({ nice, memoryBytes, blockFiles }, wall);
    const run = new CheckRun(confined, { cpuMs, memoryBytes });
    this.#runs.set(rowId, run);
    const limits: CheckLimits = { cpuMs, memoryBytes };
    const request: CheckRequest = { blockFiles, original, builds, memoryMaximumBytes };
    confined.child.send({ request, limits }, () => {});
    return run;
  }

  /** Whether so many are stopped, or so much memory is theirs, that this one cannot wait with what it has. */
  private isFullWith({ rowId }: Check, { residentBytes }: CheckRun): boolean {
    const others = [...this.#checks.values()].filter((check) => check.phase === 'stopped' && check.rowId !== rowId);
    const heldBytes = others.reduce((sum, other) => sum + (this.#runs.get(other.rowId)?.residentBytes ?? 0), 0);
    const boundBytes = this.settings.options.appCheckMemoryBytes / 2;
    return others.length >= STOPPED_MAXIMUM || heldBytes + residentBytes > boundBytes;
  }

  private forget(rowId: number): void {
    this.endRun(rowId);
    this.#checks.delete(rowId);
  }

  private endRun(rowId: number): void {
    this.#runs.get(rowId)?.end();
    this.#runs.delete(rowId);
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
