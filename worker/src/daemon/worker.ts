// Starts a worker, takes its owner's commands, and takes everything apart when it ends.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ProjectId } from '@manyhands/contract';
import { describeWall } from '@manyhands/sandbox';
import type { Ending } from '@manyhands/worker-core';
import { resolveOptions, type WorkerOptions } from '../config/options.js';
import { controlPathsOf } from '../local-control/address.js';
import type { ControlCommand } from '../local-control/messages.js';
import { startControlServer } from '../local-control/server.js';
import { type Adapters, startAdapters, watchMachine } from './adapters.js';
import { Closers } from './closers.js';
import { Daemon } from './daemon.js';
import { isDiskTrouble } from './disk-trouble.js';
import { type OpenedWorker, openWorker } from './opened-worker.js';
import { keepIdentity, type WorkerIdentity } from './owner/identity.js';
import { findProjects, firstBinding } from './owner/join.js';
import { renewHost } from './owner/new-host.js';
import { endOf, type RunningWorker, StatusFeed, type WorkerEnd } from './running-worker.js';
import type { WorkerStatus } from './status.js';

const STATUS_INTERVAL_MS = 250;
const INSTANCE_BYTES = 16;
/** The journal remembers a pause, so that a restart of the machine does not end it. */
const PAUSED = 'paused';

const { version: CLIENT_VERSION } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as {
  version: string;
};

/**
 * Joins a coordinator and works until told to leave. Throws MH-GEN-003 (no such project), MH-GEN-005 (wrong address), MH-GEN-006, MH-GEN-007,
 * MH-GEN-008 (folder in use), MH-GEN-009 (option), MH-SBX-001 (sandbox), MH-WIR-002. Later trouble is waited out, or ends `done`.
 */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const resolved = resolveOptions(options);
  const closers = new Closers();
  try {
    const opened = await openWorker(resolved, closers);
    const projectIds = await findProjects(resolved, opened);
    const worker = new JoinedWorker(opened, projectIds);
    closers.add(() => worker.daemon.close());
    await worker.begin(await startAdapters(opened, worker.daemon, closers), closers);
    return worker;
  } catch (error) {
    await closers.close();
    throw error;
  }
}

class JoinedWorker implements RunningWorker {
  readonly daemon: Daemon;
  readonly #opened: OpenedWorker;
  readonly #feed: StatusFeed;
  readonly #ended: Promise<Ending>;
  #adapters: Adapters | null = null;
  #identity: WorkerIdentity | null = null;
  #isRenewed = false;
  done: Promise<WorkerEnd>;

  constructor(opened: OpenedWorker, projectIds: ProjectId[] | null) {
    const { options, host } = opened;
    this.#opened = opened;
    this.#feed = new StatusFeed({ intervalMs: STATUS_INTERVAL_MS }, { read: () => this.status() });
    let onEnd: (ending: Ending) => void = () => {};
    this.#ended = new Promise((resolve) => {
      onEnd = resolve;
    });
    this.done = this.#ended.then(endOf);
    this.daemon = new Daemon(
      {
        ...{ coordinatorId: host.coordinatorId, hostId: host.hostId, hostKey: host.keyPair.publicKey, projectIds },
        ...{ coordinatorUrl: options.coordinatorUrl, clientVersion: CLIENT_VERSION, isOnce: options.isOnce },
        instance: new Uint8Array(randomBytes(INSTANCE_BYTES)),
        ...{ cores: options.cpus, memoryBytes: options.memoryBytes },
      },
      {
        ...{ keyPair: host.keyPair, journal: opened.journal, wayOut: opened.wayOut, api: opened.api, log: opened.log },
        first: firstBinding(options, host, opened),
        onChange: () => this.#onChange(),
        onEnd,
      },
    );
  }

  #onChange(): void {
    this.#keepIdentity();
    this.#feed.changed();
  }

  /** Runs after every step, so that it compares first. What a full disk does not take is kept at the next welcome. */
  #keepIdentity(): void {
    const { identity, ended } = this.daemon.state();
    if (!identity || identity === this.#identity || ended) return;
    this.#identity = identity;
    try {
      keepIdentity(identity, this.#opened.journal);
    } catch (error) {
      if (!isDiskTrouble(error)) throw error;
    }
  }

  async begin(adapters: Adapters, closers: Closers): Promise<void> {
    this.#adapters = adapters;
    const paths = controlPathsOf(this.#opened.folder.directory);
    const control = await startControlServer(paths, (command) => this.#command(command));
    closers.add(() => control.stop());
    this.daemon.start(adapters);
    closers.add(watchMachine(this.#opened, this.daemon));
    if (this.#opened.journal.meta(PAUSED) === 'yes') this.daemon.dispatch({ on: 'commanded', command: 'pause' });
    this.done = this.#finish(closers);
  }

  async stop(): Promise<void> {
    this.#command('leave');
    await this.done;
  }

  get fetch(): typeof fetch {
    return this.#opened.wayOut.fetch;
  }

  isRenewed(): boolean {
    return this.#isRenewed;
  }

  onStatus(listener: (status: WorkerStatus) => void): () => void {
    return this.#feed.add(listener);
  }

  status(): WorkerStatus {
    const { options, host } = this.#opened;
    const { runningUnits, heldUnits, unacknowledgedResults, keptBundles, ...core } = this.daemon.describe();
    const { identity, counters } = this.daemon.state();
    const sandbox = this.#adapters?.wall ?? null;
    return {
      version: 1,
      ...core,
      ...(sandbox && AT_WORK.has(core.state) && { line: `${core.line} ${describeWall(sandbox)}` }),
      ...{ coordinatorUrl: options.coordinatorUrl, coordinatorId: host.coordinatorId, hostId: host.hostId },
      pseudonym: identity?.pseudonym ?? null,
      accountId: identity?.accountId ?? null,
      accountLabel: identity?.accountLabel ?? null,
      limits: { cores: options.cpus, memoryBytes: options.memoryBytes, diskBytes: options.diskBytes },
      units: { running: runningUnits, held: heldUnits, unacknowledged: unacknowledgedResults, kept: keptBundles },
      totals: { ...counters },
      transfers: this.#adapters?.dataPlane.stats() ?? NOTHING_MOVED,
      peerId: this.#adapters?.dataPlane.node()?.peerId ?? null,
      sandbox,
      processId: process.pid,
      executorProcessId: this.#adapters?.executor.pid() ?? null,
    };
  }

  #command(command: ControlCommand): WorkerStatus {
    if (command === 'pause' || command === 'resume')
      this.#opened.journal.setMeta(PAUSED, command === 'pause' ? 'yes' : 'no');
    if (command === 'new-host') this.#isRenewed = true;
    if (command !== 'status')
      this.daemon.dispatch({ on: 'commanded', command: command === 'new-host' ? 'leave' : command });
    return this.status();
  }

  async #finish(closers: Closers): Promise<WorkerEnd> {
    const ending = await this.#ended;
    this.#feed.close();
    await closers.close();
    if (this.#isRenewed) renewHost(this.#opened.folder.directory);
    return endOf(ending);
  }
}

/** States in which programs run, or may at any time. */
const AT_WORK: ReadonlySet<string> = new Set(['working', 'fetching', 'waiting']);
const NOTHING_MOVED = { fromPeersBytes: 0, fromOriginBytes: 0, toPeersBytes: 0, connectedPeers: 0 };
