// The whole worker as a process against a scripted coordinator over real sockets: its work, and its bad days.
import { join } from 'node:path';
import {
  accountDelegationSchema,
  accountGenesisSchema,
  accountIdOf,
  keyPairOfSeed,
  type MessageOf,
  type MessageToCoordinator,
  open,
  openBundle,
} from '@manyhands/contract';
import { temporaryFolder } from '@manyhands/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { controlWorker, purgeWorker } from '../../dist/index.js';
import { CAT, ENDLESS_CALLS, LONG_LEAF } from '../support/modules.js';
import { ScriptedCoordinator } from '../support/scripted-coordinator.js';
import { WorkerProcess } from '../support/worker-process.js';

const LARGE_BYTES = 100_000;
const stranger = keyPairOfSeed(new Uint8Array(32).fill(77));
const inputs = (count: number, sizeBytes = 50): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => new Uint8Array(sizeBytes).fill(index + 1));

let folder: string;
let coordinator: ScriptedCoordinator;
const workers: WorkerProcess[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.kill()));
  await coordinator.stop();
});

const data = () => join(folder, 'worker');

function join_(options = {}): WorkerProcess {
  const worker = new WorkerProcess({ coordinatorUrl: coordinator.url, dataDirectory: data(), ...options });
  workers.push(worker);
  return worker;
}

const until = (what: () => unknown) => expect.poll(what);

function stdoutOf(index: number): Uint8Array | undefined {
  const { bundle, digest } = coordinator.results.get(index) ?? {};
  const bytes = bundle ?? coordinator.uploads.get(index);
  return bytes && digest ? openBundle(bytes, digest)?.result.stdout : undefined;
}

test('computes a batch, hands over small and large results, and ends with --once', async () => {
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: [...inputs(10), ...inputs(4, LARGE_BYTES)] });
  const worker = join_({ isOnce: true, cpus: 2 });
  expect(await worker.exit(), worker.stderr).toBe(0);
  expect(worker.end().end).toMatchObject({ code: null, exitCode: 0 });
  for (const [index, input] of coordinator.batch.inputs.entries())
    expect(stdoutOf(index), `unit ${index}`).toEqual(input);
  expect([...coordinator.uploads.keys()].sort()).toEqual([10, 11, 12, 13]);
  expect(coordinator.count('leave')).toBe(1);
  expect([...coordinator.statementCounts.values()].every((count) => count === 1)).toBe(true);
});

test('garbage, oversize and misplaced frames neither crash nor mislead it', async () => {
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: inputs(3) });
  const worker = join_();
  await until(() => coordinator.results.size).toBe(3);
  coordinator.sendBytes(new Uint8Array([0xff, 0x00, 0x13]));
  coordinator.push({ t: 'bundle.released', leaseId: coordinator.batch.lease(9, [[0, 1]]).leaseId, indexes: [0] });
  coordinator.push({ t: 'receipts.ack', id: 4, leaseId: coordinator.batch.lease(9, [[0, 1]]).leaseId, items: [] });
  for (let count = 0; count < 10; count++) coordinator.sendBytes(new Uint8Array(50).fill(0x81));
  await until(() => coordinator.connectionCount).toBe(2); // too many bad frames
  coordinator.sendBytes(new Uint8Array(3 * 1024 * 1024));
  await until(() => coordinator.connectionCount).toBe(3);
  coordinator.waiting.push(0);
  await until(() => coordinator.statementCounts.get(0)).toBe(2);
  expect(worker.status()?.state).not.toBe('ended');
});

test('a coordinator with another key than the pinned one is refused', async () => {
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: inputs(1) });
  const worker = join_({ isOnce: true });
  expect(await worker.exit()).toBe(0);
  const { port } = new URL(coordinator.url);
  await coordinator.stop();
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: inputs(1), key: stranger }, Number(port));
  const again = join_({ isOnce: true });
  expect(await again.exit()).toBe(2);
  expect(again.end().end?.code).toBe('MH-SIG-007');
});

test('an address that is no coordinator is refused with its code', async () => {
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: inputs(1) });
  const worker = join_({ coordinatorUrl: `${coordinator.url}/elsewhere` });
  await worker.exit();
  expect(worker.end().refused).toBe('MH-NET-001');
});

test('a manifest that the owner did not sign is never run', async () => {
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: inputs(1), signer: stranger });
  join_();
  await until(() => coordinator.failures.get(0)).toMatchObject({ kind: 'host-failure', code: 'MH-SIG-004' });
  expect(coordinator.results.size).toBe(0);
});

test('blocks that do not match their hash are fetched again, never used', async () => {
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: inputs(3) });
  const seen = new Set<string>();
  coordinator.script.onBlock = (cid, bytes) => {
    const isFirst = !seen.has(cid);
    seen.add(cid);
    return isFirst ? bytes.slice().fill(0x55) : bytes;
  };
  join_();
  await until(() => coordinator.results.size).toBe(3);
  for (const [index, input] of coordinator.batch.inputs.entries()) expect(stdoutOf(index)).toEqual(input);
});

test('an endless loop is a failure of the host at its time limit', async () => {
  coordinator = await ScriptedCoordinator.start({ program: ENDLESS_CALLS, inputs: inputs(1), timeoutMs: 1000 });
  join_();
  await until(() => coordinator.failures.get(0)).toMatchObject({ kind: 'host-failure', code: 'MH-HOST-003' });
});

test('the second death of the executor under a unit is reported; the first is not', async () => {
  coordinator = await ScriptedCoordinator.start({ program: ENDLESS_CALLS, inputs: inputs(1) });
  const worker = join_();
  const killExecutor = async (butNot: number): Promise<number> => {
    const found = () => {
      const status = worker.status();
      const pid = status?.executorProcessId;
      return pid && pid !== butNot && status.state === 'working' ? pid : undefined;
    };
    await until(found).toBeDefined();
    const pid = found() as number;
    process.kill(pid, 'SIGKILL');
    return pid;
  };
  const first = await killExecutor(0);
  expect(coordinator.failures.size).toBe(0);
  await killExecutor(first);
  await until(() => coordinator.failures.get(0)).toMatchObject({ code: 'MH-HOST-004' });
});

test('pause gives back what was not begun, stops what goes on, and resume runs it again', async () => {
  coordinator = await ScriptedCoordinator.start({ program: ENDLESS_CALLS, inputs: inputs(3) });
  const worker = join_();
  await until(() => worker.status()?.state).toBe('working');
  const paused = await controlWorker(data(), 'pause');
  expect(paused).toMatchObject({ state: 'paused' });
  expect(paused.line).toMatch(/^Paused: you asked me to/);
  await until(() => coordinator.count('lease.return')).toBeGreaterThan(0);
  await until(() => worker.status()?.units.running).toBe(0);
  expect(worker.status()?.units.held).toBe(1);
  await controlWorker(data(), 'resume');
  await until(() => worker.status()?.units.running).toBe(1);
});

test('an app version pinned to another engine is declined with the reason', async () => {
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: inputs(1), instrumenter: 'engine-v0' });
  join_();
  await until(() => received('lease.return').map(({ code }) => code)).toContain('MH-APP-004');
  expect(coordinator.failures.size + coordinator.results.size).toBe(0);
});

test('a unit that needs the other build is said so, and runs with it', async () => {
  coordinator = await ScriptedCoordinator.start({ program: LONG_LEAF, inputs: inputs(1) });
  join_();
  await until(() => coordinator.results.size).toBe(1);
  expect(coordinator.statementCounts.get(0)).toBe(2);
  expect(coordinator.failures.size).toBe(0);
  expect(coordinator.results.get(0)?.fuel).toBeGreaterThan(2 ** 32);
});

test('a pause outlives a restart', async () => {
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: inputs(3) });
  coordinator.script.unitsPerLease = 0;
  const worker = join_();
  await until(() => worker.status()?.pseudonym).toBe('calm-otter');
  await controlWorker(data(), 'pause');
  await worker.kill();
  coordinator.script.unitsPerLease = 4;
  const again = join_();
  await until(() => again.status()?.state).toBe('paused');
  expect(coordinator.results.size).toBe(0);
  await controlWorker(data(), 'resume');
  await until(() => coordinator.results.size).toBe(3);
});

test('SIGTERM gives units back, says farewell and leaves no process behind', async () => {
  coordinator = await ScriptedCoordinator.start({ program: ENDLESS_CALLS, inputs: inputs(3) });
  const worker = join_();
  await until(() => worker.status()?.state).toBe('working');
  const executor = worker.status()?.executorProcessId as number;
  worker.signal('SIGTERM');
  expect(await worker.exit(), worker.stderr).toBe(0);
  expect(coordinator.count('leave')).toBe(1);
  const begun = coordinator.begun.map(({ index }) => index);
  expect([...coordinator.waiting, ...begun].sort()).toEqual([0, 1, 2]);
  expect(() => process.kill(executor, 0)).toThrow();
});

test('a second worker in the same folder is refused; after the first left, all can be removed', async () => {
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: inputs(1) });
  const worker = join_();
  await until(() => coordinator.results.size).toBe(1);
  const second = join_();
  await second.exit();
  expect(second.end().refused).toBe('MH-GEN-008');
  expect(() => purgeWorker(data(), { isAccountRemoved: true })).toThrow(
    expect.objectContaining({ code: 'MH-GEN-008' }),
  );
  await controlWorker(data(), 'leave');
  expect(await worker.exit()).toBe(0);
  purgeWorker(data(), { isAccountRemoved: true });
  await expect(controlWorker(data(), 'status')).rejects.toMatchObject({ code: 'MH-GEN-003' });
});

test('work goes on without the coordinator, and is handed over when it is back', async () => {
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: inputs(8) });
  coordinator.script.isAcknowledging = false;
  const worker = join_();
  await until(() => coordinator.results.size).toBeGreaterThan(0);
  coordinator.dropConnections();
  await until(() => worker.status()?.units.unacknowledged).toBeGreaterThan(0);
  coordinator.script.isAcknowledging = true;
  await until(() => coordinator.results.size).toBe(8);
  await until(() => worker.status()?.units.unacknowledged).toBe(0);
});

const received = <T extends MessageToCoordinator['t']>(type: T): MessageOf<T>[] =>
  coordinator.received.filter(
    (message): message is Extract<MessageToCoordinator, { t: T }> => message.t === type,
  ) as never;

test('works for the chosen projects only; an unknown one is refused by name', async () => {
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: inputs(1) });
  expect(await join_({ projects: ['test'], isOnce: true }).exit()).toBe(0);
  const { projectId } = coordinator.batch.lease(0, [[0, 1]]);
  expect(received('lease.request')[0]?.projectIds).toEqual([projectId]);
  const lost = join_({ projects: ['nonsense'] });
  await lost.exit();
  expect(lost.end()).toMatchObject({ refused: 'MH-GEN-003', message: expect.stringContaining('nonsense') });
});

test('an account of a key is proved at each start, the same each time', async () => {
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: inputs(1) });
  for (let start = 0; start < 2; start++) expect(await join_({ account: 'Ada', isOnce: true }).exit()).toBe(0);
  const ids = received('prove').map(({ binding }) => {
    if (binding.kind !== 'key') throw new Error(binding.kind);
    const { coordinatorId } = coordinator;
    const genesis = open(binding.genesis, { type: 'account-genesis', coordinatorId }, { schema: accountGenesisSchema });
    if (!genesis.ok) throw new Error(genesis.reason);
    const { accountKey: publicKey, label } = genesis.value;
    expect(label).toBe('Ada');
    expect(genesis.publicKey).toEqual(publicKey);
    const context = { type: 'account-delegation', coordinatorId } as const;
    const delegation = open(binding.delegation, context, { schema: accountDelegationSchema, publicKey });
    if (!delegation.ok) throw new Error(delegation.reason);
    expect(delegation.value.accountId).toBe(accountIdOf(genesis.payload));
    return delegation.value.accountId;
  });
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test('a one-time code is used once, however often it is given', async () => {
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: inputs(1) });
  for (let start = 0; start < 2; start++) expect(await join_({ code: 'ABCD-EFGH', isOnce: true }).exit()).toBe(0);
  expect(received('prove').map(({ binding }) => binding)).toEqual([
    { kind: 'code', code: 'ABCD-EFGH' },
    { kind: 'keep' },
  ]);
});

test('a worker that is refused for its version says which side to upgrade and ends', async () => {
  coordinator = await ScriptedCoordinator.start({ program: CAT, inputs: inputs(1) });
  const refusal = { t: 'refuse', code: 'MH-WIR-002', message: 'Upgrade the worker: …', retryAfterMs: null } as const;
  coordinator.script.onHello = () => coordinator.push(refusal);
  const worker = join_();
  expect(await worker.exit()).toBe(2);
  expect(worker.end().end).toMatchObject({ code: 'MH-WIR-002', reason: 'Upgrade the worker: …' });
});
