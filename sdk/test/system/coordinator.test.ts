// The library against a real coordinator and two real workers, each a process: what a scientist does from connecting to reproducing.
import { execFile } from 'node:child_process';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  type App,
  type BatchOptions,
  type Coordinator,
  connect,
  type Failure,
  type Input,
  type Progress,
  type Project,
  Result,
  reproduceUnit,
} from '@manyhands/sdk';
import { ManyhandsProcess, temporaryFolder } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const wasm = { path: new URL('../fixtures/probe.wasm', import.meta.url) };
const code = (expected: string) => expect.objectContaining({ code: expected });
let directory: string;
let url: string;
let coordinatorProcess: ManyhandsProcess;
const workers: ManyhandsProcess[] = [];
let coordinator: Coordinator;
let project: Project;
let app: App;

const at = (...parts: string[]): string => join(directory, ...parts);

async function startCoordinator(port: string): Promise<void> {
  const args = ['coordinator', 'start', '--port', port, '--open', '--data', at('coordinator'), '--json'];
  coordinatorProcess = new ManyhandsProcess(args, { lifetime: 'file' });
  url = String((await coordinatorProcess.event('listening')).url);
}

beforeAll(async () => {
  directory = await temporaryFolder('sdk');
  await startCoordinator('0');
  for (const name of ['ada', 'bea']) {
    const join = ['worker', 'join', url, '--data', at(name), '--account', name, '--cpus', '1', '--json'];
    const worker = new ManyhandsProcess(join);
    workers.push(worker);
    await worker.event('joined');
  }
  coordinator = await connect(url, { dataDirectory: at('scientist') });
  project = await coordinator.project('probing', { question: 'Does it work?' });
  app = await project.app({ name: 'probe', wasm });
});

afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await coordinatorProcess.stop();
});

test('connecting, opening and publishing again give the same project and app version', async () => {
  const again = await (await connect(url, { dataDirectory: at('scientist') })).project('probing');
  expect(again.id).toBe(project.id);
  expect((await again.app({ name: 'probe', wasm })).id).toBe(app.id);
});

test('results come with their bytes, files and exit codes; submitting again finds the same batch', async () => {
  await writeFile(at('shared.txt'), 'shared by all');
  const inputs = Array.from({ length: 5 }, (_, index) => ({ name: `dir/unit-${index}` }));
  const options = {
    args: ['copy', 'in.txt', 'out.txt'],
    files: { 'in.txt': { path: at('shared.txt') } },
    collect: ['absent.txt', 'out.txt'],
    expectedDurationMs: 1000,
  };
  const batch = await app.map(inputs, options);
  const results = new Map<string, Result>();
  for await (const result of batch.results()) results.set(result.name, result);
  expect([...results.keys()].sort()).toEqual(inputs.map(({ name }) => name));
  for (const result of results.values()) {
    expect(result.text()).toBe('copied in.txt\n');
    expect(new TextDecoder().decode(result.file('out.txt') ?? undefined)).toBe('shared by all');
    expect(result.file('absent.txt')).toBeNull();
    expect(result.exitCode).toBe(0);
    expect(result.fuel).toBe(results.get('dir/unit-0')?.fuel);
    expect(result.fuel).toBeGreaterThan(1000);
    expect(() => result.file('other.txt')).toThrow(code('MH-GEN-003'));
    expect(() => result.json()).toThrow(code('MH-GEN-002'));
  }
  const again = await app.map(inputs, options);
  expect(again.id).toBe(batch.id);
  expect(again.initialStatus).toMatchObject({ state: 'complete', counts: { accepted: 5 } });
  expect((await project.batch(batch.name)).id).toBe(batch.id);
  await expect(app.map(inputs.slice(1), { ...options, name: batch.name })).rejects.toThrow(code('MH-BAT-001'));
});

test('failed units: thrown at the end, yielded or skipped; retried; reproduced', async () => {
  const inputs = ['good', 'bad', 'fine'].map((name) => ({ name, stdin: `${name}\n` }));
  const batch = await app.map(inputs, { args: ['fail-on', 'bad'], expectedDurationMs: 1000 });
  const accepted: string[] = [];
  const collect = async (): Promise<void> => {
    for await (const result of batch.results()) accepted.push(result.text());
  };
  await expect(collect()).rejects.toThrow(
    expect.objectContaining({ code: 'MH-BAT-008', meta: expect.objectContaining({ failedCount: 1 }) }),
  );
  expect(accepted.sort()).toEqual(['did fine\n', 'did good\n']);
  const failed: Failure[] = [];
  for await (const settled of batch.results({ failures: 'yield' }))
    if (settled.state === 'failed') failed.push(settled);
  const expected = {
    name: 'bad',
    exitCode: 7,
    code: 'MH-VAL-001',
    cause: 'MH-UNIT-002',
    stderrTail: 'can not do bad\n',
  };
  expect(failed).toEqual([expect.objectContaining(expected)]);
  expect(await batch.failed()).toEqual(failed);

  const good = await reproduceUnit(batch, 'good');
  expect(good).toMatchObject({ index: 0, verdict: 'same', differences: [], build: 'nonleaf' });
  expect(good.outcome).toMatchObject({ fuel: good.acceptedFuel });
  expect(good.unit.replicas.find(({ state }) => state === 'agreed')?.chainRoot).toMatch(/^[0-9a-f]{64}$/);
  expect(good.accepted).toBeInstanceOf(Result);
  expect(await reproduceUnit(batch, 1)).toMatchObject({ name: 'bad', verdict: 'same' });
  await expect(reproduceUnit(batch, 3)).rejects.toThrow(code('MH-GEN-003'));

  expect(await batch.retry([1])).toBe(1);
  expect(await batch.wait()).toMatchObject({ state: 'complete', counts: { accepted: 2, failed: 1 } });
  expect(await batch.failed()).toHaveLength(1);
  // Nothing of it is computed again, so that more hosts than did so would seem to have agreed.
  await expect(batch.setPolicy({ quorum: 5 })).rejects.toThrow(code('MH-BAT-010'));
  expect((await batch.status()).quorum).toBe(2);
});

test('the same batch again follows quorum, priority and expiry while it is open; what is not given stays', async () => {
  const inputs = [{ name: 'endless' }];
  const found: (string | null)[] = [];
  const again = (options: BatchOptions) =>
    app.map(inputs, {
      ...{ name: 'endless', args: ['loop'], timeoutMs: 600_000, ...options },
      onFound: (existing) => void found.push(existing?.name ?? null),
    });
  const first = await again({ expiresAfterMs: 24 * 3_600_000 });
  const { submittedAtMs } = first.initialStatus;
  const atMs = (hours: number): number => submittedAtMs + hours * 3_600_000;
  expect(first.initialStatus).toMatchObject({ quorum: 2, priority: 0, expiresAtMs: atMs(24) });
  expect((await again({})).initialStatus).toMatchObject({ policySequence: 0, expiresAtMs: atMs(24) });
  expect((await again({ priority: 3 })).initialStatus).toMatchObject({ priority: 3, expiresAtMs: atMs(24) });
  const changed = await again({ expiresAfterMs: 48 * 3_600_000, quorum: 3 });
  expect(changed.initialStatus).toMatchObject({ quorum: 3, priority: 3, expiresAtMs: atMs(48) });
  expect((await again({ expiresAfterMs: null })).initialStatus).toMatchObject({ quorum: 3, expiresAtMs: null });
  expect(found).toEqual([null, 'endless', 'endless', 'endless', 'endless']);
  await expect(again({ args: ['other'] })).rejects.toThrow(code('MH-BAT-001'));
  await expect(again({ quorum: 9 })).rejects.toThrow(code('MH-GEN-009'));
  await changed.cancel();
  expect((await again({ priority: 5 })).unusedOptions).toEqual(['priority']);
});

test('what is wrong with any input is said before anything is sent', async () => {
  const large = at('large.bin');
  await writeFile(large, '');
  await truncate(large, 256 * 2 ** 20 + 1);
  const before = (await project.batches()).length;
  for (const [inputs, expected] of [
    [[{ name: 'a' }, { name: 'b', stdin: { path: large } }], 'MH-BAT-005'],
    [[{ name: 'a' }, { name: 'b', stdin: { path: at('absent') } }], 'MH-GEN-013'],
    [[{ name: 'a' }, { name: 'é'.repeat(128) }], 'MH-GEN-009'],
    [[{ name: 'a' }, { name: 'b', args: ['\ud83e'] }], 'MH-GEN-009'],
    [[{ name: 'a' }, { name: 'b', args: ['a\0b'] }], 'MH-GEN-009'],
    [[{ name: 'a' }, { name: 'b', stdin: 'a\udc00' }], 'MH-GEN-009'],
    [[{ name: 'a' }, { name: 'b', files: { 'a\nb': 'x' } }], 'MH-GEN-009'],
  ] as [Input[], string][]) {
    const sent: number[] = [];
    const onProgress = ({ uploadedBytes }: Progress): void => void sent.push(uploadedBytes);
    await expect(app.map(inputs, { onProgress }), expected).rejects.toThrow(code(expected));
    expect(Math.max(0, ...sent)).toBe(0);
  }
  expect(await project.batches()).toHaveLength(before);
});

test('only the owner may cancel; a cancelled batch ends its stream', async () => {
  const inputs = Array.from({ length: 3 }, (_, index) => ({ name: `${index}` }));
  const batch = await app.map(inputs, { args: ['loop'], timeoutMs: 600_000 });
  const watched = await coordinator.batch(batch.id);
  await expect(watched.cancel()).rejects.toThrow(code('MH-SIG-008'));
  expect(await batch.setPolicy({ priority: 7 })).toMatchObject({ priority: 7, policySequence: 1 });
  expect(await batch.cancel()).toMatchObject({ state: 'cancelled' });
  const causes: string[] = [];
  for await (const settled of watched.results({ failures: 'yield' }))
    causes.push(settled.state === 'failed' ? settled.code : '');
  expect(causes).toEqual(['MH-VAL-004', 'MH-VAL-004', 'MH-VAL-004']);
});

test('a stream of results goes on over a restart of the coordinator', async () => {
  const inputs = Array.from({ length: 12 }, (_, index) => ({ name: `r${index}`, stdin: `${index}` }));
  const batch = await app.map(inputs, { expectedDurationMs: 1000 });
  const texts: string[] = [];
  for await (const result of batch.results({ ahead: 1 })) {
    texts.push(result.text());
    if (texts.length !== 2) continue;
    await coordinatorProcess.kill();
    await startCoordinator(new URL(url).port);
  }
  expect(texts.sort()).toEqual(inputs.map(({ stdin }) => stdin).sort());
});

test('another coordinator at the pinned address is refused; so are wrong addresses', async () => {
  await expect(connect('http://127.0.0.1:9', { dataDirectory: at('scientist') })).rejects.toThrow(code('MH-GEN-005'));
  await expect(connect('hands example org')).rejects.toThrow(code('MH-GEN-009'));
  await writePin(at('other'), `coord_${'a'.repeat(52)}`);
  await expect(connect(url, { dataDirectory: at('other') })).rejects.toThrow(code('MH-SIG-007'));
});

async function writePin(folder: string, coordinatorId: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'coordinators.json'),
    JSON.stringify({ version: 1, coordinators: { [url]: coordinatorId } }),
  );
}

test('the example of the README compiles and gives the right answer', async () => {
  const run = promisify(execFile);
  const example = fileURLToPath(new URL('../../examples/primes.ts', import.meta.url));
  const typescript = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
  await run(process.execPath, [typescript, '-p', dirname(example)]);
  const environment = { ...process.env, XDG_DATA_HOME: at('home'), LOCALAPPDATA: at('home'), HOME: at('home') };
  const { stdout } = await run(process.execPath, [example, url], { env: environment });
  expect(stdout).toBe('78498 primes\n');
});
