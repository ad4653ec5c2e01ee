// The core without network: its services on a database of the test's own, with ports that live in memory and a clock that the test turns.

import { createHash } from 'node:crypto';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AccountId,
  type AppVersionId,
  type BatchId,
  coordinatorIdOf,
  type HostId,
  hostIdOf,
  type KeyPair,
  type Lease,
  type MessageOf,
  type ProjectId,
  type Receipt,
  rawCidOf,
  seal,
  toBase32,
  utf8Bytes,
} from '@manyhands/contract';
import { temporaryFolderSync } from '@manyhands/testing';
import { pino } from 'pino';
import { Foundings } from '../../src/admission/foundings.js';
import { CheckpointsService } from '../../src/core/checkpoints/checkpoints.service.js';
import { HandOversService } from '../../src/core/checkpoints/hand-overs.service.js';
import { Connections } from '../../src/core/connections/connections.js';
import { CreditSums } from '../../src/core/credits/credit-sums.js';
import { CreditsService } from '../../src/core/credits/credits.service.js';
import { DialBacks } from '../../src/core/hosts/dial-backs.js';
import { HostsService } from '../../src/core/hosts/hosts.service.js';
import { OverlayTracker } from '../../src/core/hosts/overlay-tracker.js';
import { RunningUnits } from '../../src/core/hosts/running-units.service.js';
import { LastingBytes } from '../../src/core/lasting/lasting-bytes.js';
import { LeasesService } from '../../src/core/leases/leases.service.js';
import type { AccountRef, AccountsPort } from '../../src/core/ports/accounts.js';
import type { ActiveBatch, BatchDirectory, BatchTerms } from '../../src/core/ports/batch-directory.js';
import { CoreEvents } from '../../src/core/ports/core-events.js';
import { CoreStore } from '../../src/core/ports/core-store.js';
import type { CoreOptions } from '../../src/core/ports/options.js';
import type { SeedPort } from '../../src/core/ports/seed.js';
import { UnitEndings } from '../../src/core/units/unit-endings.js';
import { UnitViews } from '../../src/core/units/unit-views.js';
import { UnitWriter } from '../../src/core/units/unit-writer.js';
import { UnitsService } from '../../src/core/units/units.service.js';
import { UnfinishedUploads } from '../../src/core/uploads/unfinished-uploads.js';
import { CustodyService } from '../../src/core/validation/custody.service.js';
import { ReceiptsService } from '../../src/core/validation/receipts.service.js';
import { ResultsService } from '../../src/core/validation/results.service.js';
import { HandsService } from '../../src/questions/hands.service.js';
import { SqliteDatabase } from '../../src/storage/sqlite/database.js';
import { SqliteQuestions } from '../../src/storage/sqlite/questions.js';
import { keyOf } from './records.js';
import { answerOf, bundleOf, CHAIN_ROOT, indexesOf, type SignedReceipt } from './test-host.js';

/** Nobody to look where hosts are, and nobody to fetch from. */
const NO_SEED: SeedPort = {
  gatewayUrl: () => '',
  overlay: () => null,
  answersAt: () => Promise.reject(new Error('there is no seed')),
};
const coordinatorKey = keyOf('coordinator');
const coordinatorId = coordinatorIdOf(coordinatorKey.publicKey);
const hashed = (prefix: string, text: string): string =>
  `${prefix}_${toBase32(new Uint8Array(createHash('sha256').update(text).digest()))}`;

/** So that a replica of FUEL is worth 1000 milli-cobblestones. */
export const FUEL = 5_000_000;
const TERMS = { fuelMaximum: 1_000_000_000, fuelPerCobblestone: FUEL, creditPerReplicaMaximumMilli: 1_000_000 };

/** Batches as the test sets them. */
class TestDirectory implements BatchDirectory {
  batches: ActiveBatch[] = [];
  /** Terms that differ from those of other batches. */
  readonly special = new Map<number, Partial<BatchTerms>>();
  private readonly listeners = new Set<() => void>();

  activeBatches(): readonly ActiveBatch[] {
    return this.batches;
  }

  terms(batchRowId: number): BatchTerms | undefined {
    const batch = this.batches.find((candidate) => candidate.batchRowId === batchRowId);
    return batch && { ...batch, ...TERMS, ...this.special.get(batchRowId) };
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Each host is the account that its key word names before the slash: `ann/laptop` and `ann/tower` are both Ann's. */
class TestAccounts implements AccountsPort {
  private readonly refs = new Map<number, AccountRef>();

  constructor(private readonly accountOf: (hostId: HostId) => string) {}

  async resolveBinding(hostId: HostId): Promise<AccountRef> {
    const name = this.accountOf(hostId);
    const accountRowId = rowIdOf(name);
    const ref = { accountRowId, accountId: hashed('acct', name) as AccountId, label: name };
    this.refs.set(accountRowId, ref);
    return ref;
  }

  accounts(accountRowIds: readonly number[]): ReadonlyMap<number, AccountRef> {
    return new Map(accountRowIds.flatMap((id) => this.refs.get(id) ?? []).map((ref) => [ref.accountRowId, ref]));
  }
}

/** A row id that stays the same from run to run. */
const rowIdOf = (name: string): number => createHash('sha256').update(name).digest().readUInt32BE() >>> 8;

export type TestCore = Awaited<ReturnType<typeof openCore>>;
export type CoreHost = {
  word: string;
  key: KeyPair;
  hostId: HostId;
  hostRowId: number;
  accountRowId: number;
  /** That its leases are granted in; 0: a shared one. */
  network: number;
  publicKey: Uint8Array;
};
/** So many of its results have agreed that a host may have as many units as any. */
const AGREED = 1000;

/** Opens the core on a folder; `file` null keeps everything in memory. */
export async function openCore(options: {
  folder: string;
  isInMemory?: boolean;
  nowMs?: () => number;
  hostLastingBytes?: number;
}) {
  const clock = { nowMs: 1_000_000 };
  const words = new Map<HostId, string>();
  const directory = new TestDirectory();
  const core: CoreOptions = {
    coordinatorId,
    keyPair: coordinatorKey,
    resultsDirectory: join(options.folder, 'results'),
    checkpointsDirectory: join(options.folder, 'checkpoints'),
    uploadsDirectory: join(options.folder, 'uploads'),
    checkpointQuotaBytes: 1_000_000,
    uploadQuotaBytes: 1_000_000,
    hostLastingBytes: options.hostLastingBytes ?? 2 ** 26,
    leaseMinimumMs: 30_000,
    isSharedNetwork: () => false,
    nowMs: options.nowMs ?? (() => clock.nowMs),
  };
  const disk = { isFull: false, isShort: (): boolean => disk.isFull };
  const accounts = new TestAccounts((hostId) => (words.get(hostId) ?? hostId).split('/')[0] ?? '');
  const database = SqliteDatabase.open({
    file: options.isInMemory ? ':memory:' : join(options.folder, 'coordinator.sqlite'),
  });
  const store = new CoreStore(database);
  const events = new CoreEvents();
  const writer = new UnitWriter(store, events, core, directory);
  const connections = new Connections();
  const tracker = new OverlayTracker(core, new DialBacks(NO_SEED, core));
  const foundings = new Foundings({ newcomersPerHour: 500, isExempt: () => false });
  const hosts = new HostsService(store, writer, connections, tracker, foundings, accounts, core);
  const views = new UnitViews(store, core);
  const endings = new UnitEndings(store, writer);
  const units = new UnitsService(store, views, endings, events, core);
  const lasting = new LastingBytes(core, events);
  const leases = new LeasesService(store, writer, lasting, core, directory, disk);
  const receipts = new ReceiptsService(store, writer, lasting, core);
  const uploads = new UnfinishedUploads(store, core);
  const custody = new CustodyService(store, writer, connections, events, core);
  const results = new ResultsService(store, writer, uploads, custody, core);
  const questions = new SqliteQuestions(database);
  const running = new RunningUnits(store, connections);
  const hands = new HandsService(questions, hosts, running, accounts);
  const sums = new CreditSums(store, events, core, pino({ level: 'silent' }));
  const credits = new CreditsService(store, sums, connections, accounts);
  const checkpoints = new CheckpointsService(store, events, uploads, core);
  const handOvers = new HandOversService(store, writer, core);

  return {
    ...{
      clock,
      directory,
      disk,
      database,
      store,
      events,
      writer,
      connections,
      tracker,
      hosts,
      units,
      leases,
      receipts,
      results,
    },
    ...{ custody, uploads, sums, credits, questions, hands, options: core, endings, checkpoints, handOvers },

    /** A batch of a project, leased from now on. */
    async addBatch(
      batch: Partial<ActiveBatch> & { batchRowId: number; unitCount: number },
      terms: Partial<BatchTerms> = {},
    ): Promise<ActiveBatch> {
      directory.special.set(batch.batchRowId, terms);
      const projectRowId = batch.projectRowId ?? 1;
      const full: ActiveBatch = {
        projectRowId,
        projectId: hashed('proj', String(projectRowId)) as ProjectId,
        batchId: hashed('batch', String(batch.batchRowId)) as BatchId,
        appVersionId: hashed('app', '1') as AppVersionId,
        manifestCid: rawCidOf(utf8Bytes(`manifest ${batch.batchRowId}`)),
        quorum: 2,
        priority: 0,
        firstBuild: 'nonleaf',
        memoryMaximumBytes: 1 << 20,
        expectedDurationMs: 1000,
        timeoutMs: 60_000,
        ...batch,
      };
      const { batchRowId, unitCount, quorum } = full;
      if (!store.units.batch(batchRowId))
        await database.write(() => units.createBatchUnits({ batchRowId, projectRowId, unitCount, quorum }));
      directory.batches = [...directory.batches, full];
      directory.changed();
      return full;
    },

    /**
     * A host by a word: account, computer and network (that of the account unless it is named), with slashes between. The same computer may come with
     * another account: `key` is the word of its first one. `agreed`: how many of its results have agreed before.
     */
    async host(word: string, { key: keyWord = word, agreed = AGREED } = {}): Promise<CoreHost> {
      const key = keyOf(keyWord);
      const hostId = hostIdOf(key.publicKey);
      words.set(hostId, word);
      const machine = { cores: 4, memoryBytes: 2 ** 33, platform: 'test', arch: 'x64', engine: 'test' };
      const proof = { version: 1, coordinatorNonce: new Uint8Array(16), ...machine } as const;
      const network = word.split('/').at(2) ?? word.split('/')[0] ?? '';
      const { host, account } = await hosts.admit(
        key.publicKey,
        { proof, network, address: '127.0.0.1' },
        { kind: 'keep' },
      );
      const { rowId: hostRowId, publicKey } = host;
      if (host.acceptedReplicas === 0) store.hosts.addTally(hostRowId, { accepted: agreed, disagreed: 0, failed: 0 });
      return { word, key, hostId, hostRowId, accountRowId: account.accountRowId, network: rowIdOf(network), publicKey };
    },

    /** Takes a host for one that is connected. */
    connect({ hostRowId, accountRowId, network, hostId }: CoreHost): void {
      const waits = { isWaitingForWork: false, isWaitingForRoom: false };
      const state = { state: 'working', connectedPeers: 0, ...waits } as const;
      connections.add({
        hostRowId,
        accountRowId,
        network,
        hostId,
        ...state,
        push: () => {},
        instance: '',
        isAnswered: async () => false,
        warn: () => {},
        end: () => {},
      });
    },

    /** Work for a host, or the reason why not. */
    async ask(host: CoreHost, maximumUnits = 16, more: Partial<MessageOf<'lease.request'>> = {}) {
      const wishes = { memoryBytes: 2 ** 31, availableMs: null, projectIds: null, cachedManifests: [] };
      const request = { t: 'lease.request' as const, id: 1, maximumUnits, ...wishes, ...more };
      const { hostRowId, accountRowId, network } = host;
      return leases.request({ hostRowId, accountRowId, network, request, hostCount: 1 });
    },

    async lease(host: CoreHost, maximumUnits = 16): Promise<Lease[]> {
      const answer = await this.ask(host, maximumUnits);
      return 'leases' in answer ? answer.leases : [];
    },

    /** Reports results of a lease, honest ones unless told otherwise; returns the items or the code. */
    async report(host: CoreHost, lease: Lease, items: ReportItems = {}) {
      const answer = await receipts.record(host, { t: 'receipts', id: 1, ...signedReceipt(host, lease, items) });
      return answer.refusal?.code ?? answer.answered?.items ?? [];
    },

    close(): void {
      void sums.onModuleDestroy();
      leases.onModuleDestroy();
      custody.onModuleDestroy();
      checkpoints.onModuleDestroy();
      database.close();
    },
  };
}

export type ReportItems = {
  indexes?: readonly number[];
  bytes?: (index: number) => string;
  fuel?: (index: number) => number;
  chainRoot?: Uint8Array<ArrayBuffer>;
  engine?: string;
  failures?: Receipt['failures'];
  /** False: the bundles stay with the host. */
  isInline?: boolean;
};

/** A signed receipt over some of a lease's units. */
export function signedReceipt(
  host: Pick<CoreHost, 'key' | 'hostId'>,
  lease: Lease,
  items: ReportItems = {},
): SignedReceipt {
  const { bytes = answerOf, fuel = () => FUEL, chainRoot = CHAIN_ROOT, failures = [], isInline = true } = items;
  const indexes = items.indexes ?? (failures.length > 0 ? [] : indexesOf(lease));
  const made = indexes.map((index) => ({ index, ...bundleOf(bytes(index)) }));
  const successes: Receipt['successes'] = made.map(({ index, digest, bundle }) => [
    index,
    digest,
    bundle.length,
    5,
    fuel(index),
    3,
    chainRoot,
  ]);
  const { leaseId, manifestCid, appVersionId, build } = lease;
  const { engine = 'test' } = items;
  const names = { version: 1, hostId: host.hostId, leaseId, manifestCid, appVersionId, build, engine };
  const receipt = { ...names, successes, failures };
  return {
    envelope: new Uint8Array(seal(receipt, { type: 'receipt', coordinatorId }, host.key)),
    bundles: isInline ? made.map(({ index, bundle }) => [index, bundle]) : [],
  };
}

export function unitFailure(index: number, exitCode = 1): Receipt['failures'][number] {
  const words = { code: 'MH-UNIT-002', message: 'exit code 1', stderrTail: `failed on ${index}` };
  return {
    index,
    kind: 'unit-failure',
    exitCode,
    elapsedMs: 1,
    fuel: FUEL,
    markCount: 1,
    chainRoot: CHAIN_ROOT,
    ...words,
  };
}

export function hostFailure(index: number): Receipt['failures'][number] {
  const words = { code: 'MH-HOST-003', message: 'too slow', stderrTail: '' };
  return {
    index,
    kind: 'host-failure',
    exitCode: null,
    elapsedMs: 1,
    fuel: 0,
    markCount: 0,
    chainRoot: null,
    ...words,
  };
}

export function needsAll(index: number): Receipt['failures'][number] {
  const words = { code: 'MH-UNIT-010', message: 'a long innermost loop', stderrTail: '' };
  return { index, kind: 'needs-all', exitCode: null, elapsedMs: 1, fuel: 0, markCount: 0, chainRoot: null, ...words };
}

/** A folder that `use` has for itself. */
export function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  return use(temporaryFolderSync());
}

/** What `kill -9` leaves: the files as they are now, in another folder. */
export function crashInto(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
}
