// Random interleavings over the real database: whatever hosts do and however often the coordinator forgets its memory, the promises hold.
import { type Lease, openBundle } from '@manyhands/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isKin, mayBegin, votingNetwork } from '../../../../src/core/units/domain/kin.js';
import { baseFuelOf, lineageFor, waitingLineages } from '../../../../src/core/units/domain/lineage.js';
import {
  bucketOf,
  isVote,
  type Party,
  type UnitState,
  wantedCount,
} from '../../../../src/core/units/domain/unit-state.js';
import { readEntry, withLineages } from '../../../../src/core/units/unit-entry.js';
import { unitIdOf } from '../../../../src/storage/sqlite/units.js';
import { bytesOf } from '../../../support/bundles.js';
import {
  type CoreHost,
  FUEL,
  hostFailure,
  needsAll,
  openCore,
  type TestCore,
  unitFailure,
  withFolder,
} from '../../../support/core.js';
import { handOver } from '../../../support/hand-over.js';
import { expectStoriesToAddUp } from '../../../support/story-checks.js';
import { answerOf, bundleOf, indexesOf } from '../../../support/test-host.js';

const UNITS = 12;
const RATE = 800;
/** Fay shares Ann's network. */
const WORDS = ['ann/a', 'ann/b', 'bob/a', 'cid/a', 'dan/a', 'eve/a', 'fay/a/ann', 'liar/a'];
/** Bob's computer under another account, and the liar's. */
const AGAIN = { 'gus/a': 'bob/a', 'liar-again/a': 'liar/a' };

/** Phases of replicas that take an attempt of their unit, one each. */
const CHARGED: ReadonlySet<string> = new Set(['running', 'succeeded', 'unit-failed']);

type Held = { host: CoreHost; lease: Lease };
const host = fc.nat(WORDS.length + Object.keys(AGAIN).length - 1);
const lease = fc.record({ do: fc.constant('lease' as const), host, count: fc.integer({ min: 1, max: 8 }) });
const report = fc.record({
  do: fc.constant('report' as const),
  held: fc.nat(30),
  some: fc.nat(7),
  isInline: fc.boolean(),
});
const command = fc.oneof(
  { weight: 5, arbitrary: lease },
  { weight: 3, arbitrary: report },
  fc.record({
    do: fc.constantFrom('unit-failure' as const, 'host-failure' as const),
    held: fc.nat(30),
    some: fc.nat(7),
  }),
  fc.record({ do: fc.constant('give-back' as const), held: fc.nat(30) }),
  fc.record({ do: fc.constant('hand-over' as const), held: fc.nat(30), some: fc.nat(7), isFinal: fc.boolean() }),
  fc.record({
    do: fc.constantFrom('needs-all' as const, 'refuse-checkpoint' as const),
    held: fc.nat(30),
    some: fc.nat(7),
  }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1000, 20_000, 200_000) }),
  fc.record({ do: fc.constantFrom('forget' as const, 'upload' as const, 'reopen' as const) }),
  fc.record({ do: fc.constant('quorum' as const), quorum: fc.integer({ min: 1, max: 3 }) }),
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

class Run {
  readonly held: Held[] = [];
  hosts: CoreHost[] = [];
  /** One answer was enough at some time: then nobody asks who gives it. */
  private wasTrusting = false;

  constructor(private readonly core: TestCore) {}

  async start(): Promise<void> {
    await this.core.addBatch({ batchRowId: 1, unitCount: UNITS }, { fuelPerCobblestone: (1000 * FUEL) / RATE });
    for (const word of WORDS) this.hosts.push(await this.core.host(word));
    for (const [word, key] of Object.entries(AGAIN)) this.hosts.push(await this.core.host(word, { key }));
  }

  async step(command: Command): Promise<void> {
    const { core } = this;
    if (command.do === 'lease') await this.lease(this.hosts[command.host] as CoreHost, command.count);
    if (command.do === 'wait') {
      core.clock.nowMs += command.ms;
      await core.leases.offerOverlong();
      await core.leases.expireOverdue();
    }
    if (command.do === 'forget') core.writer.forgetHints(null);
    if (command.do === 'quorum') await this.changeQuorum(command.quorum);
    if (command.do === 'upload') await this.upload();
    if (command.do === 'reopen') await this.reopen();
    if ('held' in command) await this.act(command);
  }

  private changeQuorum(quorum: number): Promise<void> {
    this.wasTrusting ||= quorum === 1;
    return this.core.units.batchChanged(1, { quorum });
  }

  /** The owner opens again what is held. */
  private async reopen(): Promise<void> {
    const held = this.core.units.listUnits(1, { state: 'held', after: -1, limit: UNITS }).units;
    if (held.length > 0)
      expect(
        await this.core.units.retry(
          1,
          held.map(({ index }) => index),
        ),
      ).toBe(held.length);
  }

  private async act(command: Extract<Command, { held: number }>): Promise<void> {
    const held = this.held[command.held % Math.max(1, this.held.length)];
    if (!held) return;
    const { host, lease } = held;
    const all = indexesOf(lease);
    if (command.do === 'give-back') {
      const message = { t: 'lease.return', id: 1, leaseId: lease.leaseId, ranges: lease.ranges, code: null } as const;
      await this.core.leases.giveBack(host, message);
      return;
    }
    if (command.do === 'refuse-checkpoint') {
      const { leaseId, ranges } = lease;
      const message = { t: 'lease.return', id: 1, leaseId, ranges, code: 'MH-CKP-001' } as const;
      await this.core.leases.giveBack(host, message);
      return;
    }
    const indexes = all.slice(0, 1 + (command.some % all.length));
    if (command.do === 'hand-over') {
      await this.handOver(held, indexes[0] ?? 0, command.isFinal);
      return;
    }
    if (command.do === 'needs-all') {
      await this.core.report(host, lease, { failures: indexes.map(needsAll) });
      return;
    }
    const bytes = (index: number): string => (host.word.startsWith('liar') ? `lie ${index}` : answerOf(index));
    if (command.do === 'report') await this.core.report(host, lease, { indexes, bytes, isInline: command.isInline });
    else {
      const failures = indexes.map((index) =>
        command.do === 'unit-failure' ? unitFailure(index, 7) : hostFailure(index),
      );
      if (!host.word.startsWith('liar') && command.do === 'unit-failure') return; // only the liar invents failures
      await this.core.report(host, lease, { failures });
    }
  }

  /** Half of what is left to do, at most. */
  private async handOver({ host, lease }: Held, index: number, isFinal: boolean): Promise<void> {
    const { state } = this.entry(index);
    const own = state.replicas.find(({ account }) => account === host.accountRowId);
    const fromFuel = own ? baseFuelOf(state, own) : 0;
    const fuel = Math.floor((Math.max(fromFuel, own?.checkpointFuel ?? 0) + FUEL) / 2);
    const code = await handOver(this.core, host, lease, { index, fromFuel, fuel, isFinal }).catch(
      (error) => error.code,
    );
    expect(['ok', 'MH-LSE-001', 'MH-LSE-002', 'MH-CKP-007', 'MH-RCP-002']).toContain(code);
  }

  /** Asks for work and compares a refusal with what the whole table says. */
  async lease(host: CoreHost, count: number): Promise<number> {
    const answer = await this.core.ask(host, count);
    if ('leases' in answer) {
      for (const lease of answer.leases) this.held.push({ host, lease });
      return answer.leases.length;
    }
    if (answer.later.code !== 'MH-LTR-007' && answer.later.code !== 'MH-LTR-008')
      expect(this.eligibleFor(host), `${host.word}: ${answer.later.code}`).toEqual([]);
    return 0;
  }

  /** Every unit that the host may lease, from the rows alone. */
  private eligibleFor(host: CoreHost): number[] {
    const batch = this.core.store.units.batch(1);
    const party = this.partyOf(host);
    return Array.from({ length: UNITS }, (_, index) => index).filter((index) => {
      if (index >= (batch?.fresh_index ?? 0)) return true;
      const { state } = this.entry(index);
      return wantedCount(state) > 0 && (mayBegin(state, party) || lineageFor(state, party) !== undefined);
    });
  }

  private partyOf({ accountRowId: account, hostRowId: host, network }: CoreHost): Party {
    return { account, host, network: votingNetwork(network, this.core.store.units.batch(1)?.quorum ?? 0) };
  }

  entry(index: number) {
    const unitId = unitIdOf(1, index);
    const [row] = this.core.store.units.span(unitId, unitId);
    if (!row) throw new Error(`unit ${index} has no row`);
    const replicas = this.core.store.replicas.span(unitId, unitId);
    const { quorum = 0 } = this.core.store.units.batch(1) ?? {};
    const { replicas: rows, checkpoints } = this.core.store;
    const lineages = { replicas: rows.lineages(unitId), segments: checkpoints.segments(unitId) };
    const entry = readEntry(row, { replicas, from: 0, to: replicas.length }, quorum);
    return { row, state: withLineages(entry, lineages).state };
  }

  private isApart(index: number): boolean {
    const { state } = this.entry(index);
    return state.needsAll || waitingLineages(state).length > 0;
  }

  /** Every custodian of an agreed unit offers its bundle. */
  async upload(): Promise<void> {
    for (const { host, lease } of this.held)
      for (const index of indexesOf(lease)) {
        const text = host.word.startsWith('liar') ? `lie ${index}` : answerOf(index);
        await this.core.results
          .putBundle(host.publicKey, lease.leaseId, index, bundleOf(text).bundle)
          .catch((error) => {
            expect(['MH-RCP-002', 'MH-WIR-004', 'MH-LSE-001']).toContain(error.code);
          });
      }
  }

  /** No two who spoke, or are to speak, are one and the same. */
  private expectIndependence({ replicas, quorum }: UnitState, index: number): void {
    const speakers = replicas.filter((replica) => isVote(replica) || replica.phase === 'running');
    for (const [at, one] of speakers.entries())
      for (const other of speakers.slice(at + 1))
        expect(isKin(one, other, quorum), `kin on ${index}: ${JSON.stringify([one, other])}`).toBe(false);
  }

  check(): void {
    const batch = this.core.store.units.batch(1);
    const counts = {
      waiting: UNITS - (batch?.fresh_index ?? 0),
      held: 0,
      running: 0,
      checking: 0,
      accepted: 0,
      failed: 0,
    };
    let agreeing = 0;
    for (let index = 0; index < (batch?.fresh_index ?? 0); index++) {
      const { row, state } = this.entry(index);
      const bucket = bucketOf(state);
      counts[bucket]++;
      if (bucket === 'held') counts.waiting++;
      expect(row[2], `wanted of ${index}`).toBe(wantedCount(state));
      const accounts = state.replicas.map(({ account }) => account);
      expect(new Set(accounts).size, `an account twice on ${index}`).toBe(accounts.length);
      if (!this.wasTrusting) this.expectIndependence(state, index);
      if (state.phase === 'open') expect(row[2] + row[3], `unit ${index} is stuck`).toBeGreaterThan(0);
      if (state.phase === 'held') expect([row[2], state.code], `unit ${index} is held`).toEqual([0, 'MH-VAL-008']);
      const charged = state.replicas.filter(({ phase }) => CHARGED.has(phase)).length;
      expect(state.attempts, `attempts of ${index}`).toBeGreaterThanOrEqual(state.phase === 'failed' ? 0 : charged);
      if (state.phase !== 'accepted') continue;
      const canonical = state.replicas.find(({ account }) => account === state.canonicalAccount);
      const votes = state.replicas.filter(
        ({ verdict, phase }) => phase === 'succeeded' && verdict === canonical?.verdict,
      ).length;
      agreeing += votes;
      if (this.core.units.summary(1).isVerified) expect(votes, `unit ${index} is verified`).toBeGreaterThan(1);
    }
    for (const host of this.hosts) {
      const { hints, hintsApart } = this.core.writer;
      const missed = this.eligibleFor(host).filter((index) => {
        const isApart = index < (batch?.fresh_index ?? 0) && this.isApart(index);
        return index < (isApart ? hintsApart : hints).firstIndex(1, this.partyOf(host));
      });
      expect(missed, `${host.word} would miss units`).toEqual([]);
    }
    const { total, ended, ...rest } = this.core.units.counts(1);
    expect(rest).toEqual(counts);
    expect(ended).toEqual({ cancelled: 0, expired: 0, stopped: 0 });
    expectStoriesToAddUp(this.core.database);
    expect(total).toBe(UNITS);
    const ledger = this.core.database.read((db) =>
      db.prepare('SELECT coalesce(sum(amount_milli), 0) FROM ledger').pluck().get(),
    );
    // Each host's sum is rounded down by itself.
    expect(ledger, 'the ledger pays for accepted replicas').toBeLessThanOrEqual(agreeing * RATE);
    expect(ledger).toBeGreaterThan(agreeing * RATE - this.hosts.length);
    expect(this.core.credits.total()).toBe(ledger);
    const fuel = this.core.database.read((db) => db.prepare('SELECT coalesce(sum(fuel), 0) FROM ledger').pluck().get());
    expect(fuel, 'parts of replicas add up to their fuel').toBe(agreeing * FUEL);
    expect(this.core.units.summary(1).replicas.agreed).toBe(agreeing);
  }

  /** Honest hosts finish what is left. */
  async finish(): Promise<void> {
    for (let round = 0; round < 60 && !this.core.units.isComplete(1); round++) {
      this.core.clock.nowMs += 4_000_000;
      await this.core.leases.expireOverdue();
      await this.reopen();
      for (const host of this.hosts.filter(({ word }) => !word.startsWith('liar'))) {
        await this.lease(host, 16);
        for (const { lease } of this.held.filter((held) => held.host === host)) await this.core.report(host, lease);
      }
      await this.upload();
    }
    expect(this.core.units.isComplete(1)).toBe(true);
  }

  /** No lie of the minority is ever a result; with a quorum of one there is no minority. */
  async expectTruth(): Promise<void> {
    for (const { index, state, digest } of this.core.units.outcomes(1, { after: -1, limit: 500 })) {
      if (state !== 'accepted' || digest === null) continue;
      const bundle = (await bytesOf(await this.core.results.readBundle(digest))) as Uint8Array;
      const stdout = openBundle(bundle, new Uint8Array(Buffer.from(digest, 'hex')))?.result.stdout ?? new Uint8Array();
      expect(Buffer.from(stdout).toString(), `unit ${index}`).toBe(answerOf(index));
    }
  }
}

async function explore(commands: readonly Command[]): Promise<void> {
  await withFolder(async (folder) => {
    const core = await openCore({ folder, isInMemory: true });
    try {
      const run = new Run(core);
      await run.start();
      const isTrusting = commands.some((command) => command.do === 'quorum' && command.quorum === 1);
      for (const command of commands) {
        await run.step(command);
        run.check();
      }
      await run.finish();
      run.check();
      if (!isTrusting) await run.expectTruth();
    } finally {
      core.close();
    }
  });
}

test('random interleavings keep every promise', async () => {
  await fc.assert(fc.asyncProperty(fc.array(command, { maxLength: 60 }), explore), { numRuns: 40 });
});
