// A laptop that sleeps most of the time is the only computer of a batch: its unit is accepted, nothing is held against it, and it is at work again as
// soon as it wakes. MANYHANDS_NAPS_SCALE=1 (`npm run lab:naps`) takes the default leases, naps of 45 s and a longer unit, and says what was computed in vain.
import { childrenOf, cpuMsOf, innermostOf, until } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster } from '../support/cluster.js';

/** Of all times; a tenth in the tests. */
const SCALE = Number(process.env.MANYHANDS_NAPS_SCALE ?? '0.1');
const IS_FULL = SCALE >= 1;
const LEASE_MS = 30_000 * SCALE;
const CYCLE_MS = 72_000 * SCALE;
const NAP_MS = 45_000 * SCALE;
const LONG_NAP_MS = 65_000 * SCALE;
/** So long that with its naps the unit takes longer than it may compute. */
const UNIT_CPU_MS = IS_FULL ? 180_000 : 9000;
const EXPECTED_MS = 5000 * SCALE;
const TIMEOUT_MS = 240_000 * SCALE;
/** Judged at full scale alone: below it, starting programs weighs too much. */
const CPU_RATIO_MAXIMUM = 1.1;
const AT_WORK_MAXIMUM_MS = 5000;
const LAPTOP = 'laptop';
/** At full scale a test takes longer than any other may. */
const LIMIT = IS_FULL ? { timeout: 3_600_000 } : {};

let cluster: Cluster;
let app: Awaited<ReturnType<Cluster['probe']>>['app'];
/** Rounds of the program that take as long as the unit is to take. */
let rounds: number;
/** CPU time of the executors of the laptop so far, by process. */
const cpuMs = new Map<number, number>();

beforeAll(async () => {
  cluster = await Cluster.start({ workers: 0, environment: { MANYHANDS_LEASE_MINIMUM_MS: String(LEASE_MS) } });
  ({ app } = await cluster.probe());
  await cluster.startWorker(LAPTOP);
  await compute('warming-up', 10);
  const trial = 400;
  rounds = Math.round((trial * UNIT_CPU_MS) / Math.max(1, await compute('trial', trial)));
});
afterAll(() => cluster.stop());

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The worker and all that it has started. */
function processesOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(processesOf)];
}

function laptop(): number {
  const worker = cluster.workers.get(LAPTOP);
  if (!worker || worker.hasEnded) throw new Error(`the worker has ended: ${worker?.story()}`);
  return worker.pid;
}

/** What the executors have computed, those that are gone included. */
function computedMs(): number {
  for (const pid of processesOf(laptop()))
    for (const executor of childrenOf(pid, 'executor')) cpuMs.set(executor, cpuMsOf(innermostOf(executor)));
  return [...cpuMs.values()].reduce((sum, ms) => sum + ms, 0);
}

async function nap(ms: number): Promise<void> {
  computedMs();
  const asleep = processesOf(laptop());
  for (const pid of asleep) process.kill(pid, 'SIGSTOP');
  await pause(ms);
  for (const pid of asleep) process.kill(pid, 'SIGCONT');
}

/** The only unit of a batch, in which one answer is enough; `meanwhile` runs until it is accepted. Returns the CPU time that it took. */
async function compute(
  name: string,
  work: number,
  { timeoutMs, meanwhile = () => pause(200) }: { timeoutMs?: number; meanwhile?: () => Promise<void> } = {},
): Promise<number> {
  const before = computedMs();
  const inputs = [{ name, args: ['work', String(work)] }];
  const options = { name, quorum: 1, expectedDurationMs: EXPECTED_MS, ...(timeoutMs !== undefined && { timeoutMs }) };
  const batch = await app.map(inputs, options);
  for (let status = await batch.status(); status.state === 'open'; status = await batch.status()) {
    expect(status.counts.failed).toBe(0);
    await meanwhile();
    computedMs();
  }
  expect((await batch.status()).counts).toMatchObject({ accepted: 1, failed: 0, held: 0 });
  return computedMs() - before;
}

function expectCleanRecord(): void {
  const hosts = cluster.query(
    'SELECT failed_replicas AS failed, failure_streak AS streak, work_not_before_ms AS notBeforeMs FROM host',
  );
  for (const host of hosts) expect(host).toEqual({ failed: 0, streak: 0, notBeforeMs: 0 });
}

const cycle = async (): Promise<void> => {
  await pause(CYCLE_MS - NAP_MS);
  await nap(NAP_MS);
};

test('the only computer of a batch sleeps most of the time, and its unit is accepted', LIMIT, async () => {
  const undisturbedMs = await compute('undisturbed', rounds);
  const limited = ['napping, limited', { timeoutMs: TIMEOUT_MS }] as const;
  for (const [name, more] of IS_FULL ? [['napping', {}] as const, limited] : [limited]) {
    const ms = await compute(name.replace(', ', '-'), rounds, { ...more, meanwhile: cycle });
    const ratio = ms / undisturbedMs;
    console.info(`${name}: ${(ms / 1000).toFixed(1)} CPU seconds, ${ratio.toFixed(3)} of an undisturbed run`);
    if (IS_FULL) expect(ratio).toBeLessThanOrEqual(CPU_RATIO_MAXIMUM);
  }
  expectCleanRecord();
});

test('who lost fourteen short units in a nap is at work again when it wakes', LIMIT, async () => {
  const short = (name: string, count: number) =>
    app.map(
      Array.from({ length: count }, (_, index) => ({
        name: `${index}`,
        args: ['work', String(Math.ceil(rounds / 200))],
      })),
      { name, quorum: 1, expectedDurationMs: EXPECTED_MS },
    );
  const lost = await short('lost', 14);
  await until('a lease of the laptop', async () => (await lost.status()).replicas.leased > 0);
  const asleep = nap(LONG_NAP_MS);
  await cluster.startWorker('desktop');
  await asleep;
  const wokenMs = Date.now();
  await short('next', 200);
  const leasedMs = await until('work for the laptop', () => {
    const sql = `SELECT min(granted_ms) AS grantedMs FROM lease JOIN host ON host.id = host_row_id JOIN account ON account.id = lease.account_row_id
      WHERE account.label = ? AND granted_ms >= ?`;
    const [row] = cluster.query<{ grantedMs: number | null }>(sql, LAPTOP, wokenMs);
    return row?.grantedMs;
  });
  console.info(`at work again ${((leasedMs - wokenMs) / 1000).toFixed(1)} s after waking`);
  if (IS_FULL) expect(leasedMs - wokenMs).toBeLessThanOrEqual(AT_WORK_MAXIMUM_MS);
  await until('all of the lost ones', async () => (await lost.status()).state === 'complete');
  expect((await lost.status()).counts).toMatchObject({ accepted: 14, failed: 0 });
  expectCleanRecord();
});
