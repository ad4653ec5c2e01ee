// IPv6 alone: in a network namespace without any address of IPv4 a coordinator and two workers of two people compute a batch, and the second gets its blocks from the first.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd, LAUNCHER, TestProcess, temporaryFolderSync, until } from '@manyhands/testing';
import { beforeAll, expect, test } from 'vitest';
import { REPOSITORY } from '../support/packages/nodes.js';

const NAMESPACE = `manyhands-ipv6-${process.pid}`;
/** Of the range for private networks, as behind a router at home. */
const ADDRESS = 'fd6d:6873::1';
const SHARED_BYTES = 5 * 1024 * 1024;

const isRequired = process.env.MANYHANDS_REQUIRE_ALL === '1';
const trouble = whyNot();
if (trouble !== undefined && !isRequired) console.warn(`skipped: IPv6 alone (${trouble})`);

/** Makes the namespace; says why it cannot be made. */
function whyNot(): string | undefined {
  const { error, status, stderr } = spawnSync('ip', ['netns', 'add', NAMESPACE], { encoding: 'utf8' });
  if (error) return 'iproute2 is not installed';
  return status === 0 ? undefined : `no network namespace: ${stderr.trim()}`;
}

const ip = (...words: string[]) => execFileSync('ip', ['-n', NAMESPACE, ...words], { encoding: 'utf8' });

type Status = {
  state: string;
  trouble: unknown;
  totals: { computed: number };
  transfers: { fromPeersBytes: number; toPeersBytes: number };
};
type Line = { event?: string; url?: string; gatewayUrl?: string; status?: Status };

function inside(words: readonly string[], lifetime: 'test' | 'file' = 'test'): TestProcess<Line> {
  const home = temporaryFolderSync('ipv6-home', lifetime);
  const command = ['netns', 'exec', NAMESPACE, process.execPath, LAUNCHER, ...words, '--json'];
  return new TestProcess(`manyhands ${words.join(' ')}`, command, {
    executable: 'ip',
    // All of them are in one network, whose computers are to count each by itself.
    environment: { XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, MANYHANDS_SHARED_NETWORKS: `${ADDRESS}/64` },
    lifetime,
  });
}

const said = (process: TestProcess<Line>, event: string) => process.waitFor((line) => line.event === event);
const statusOf = (worker: TestProcess<Line>) => worker.lines.findLast(({ status }) => status)?.status;

beforeAll(() => {
  if (trouble !== undefined) return;
  atEnd(() => void execFileSync('ip', ['netns', 'delete', NAMESPACE]), 'file');
  ip('link', 'add', 'home', 'type', 'veth', 'peer', 'name', 'router');
  for (const link of ['lo', 'home', 'router']) ip('link', 'set', link, 'up');
  ip('addr', 'del', '127.0.0.1/8', 'dev', 'lo');
  ip('addr', 'add', `${ADDRESS}/64`, 'dev', 'home', 'nodad');
});

async function joined(url: string, name: string): Promise<TestProcess<Line>> {
  const data = temporaryFolderSync(name);
  const worker = inside(['worker', 'join', url, '--data', data, '--account', name, '--cpus', '1']);
  await said(worker, 'joined');
  return worker;
}

test.runIf(trouble === undefined || isRequired).for([
  ['on all addresses', ['--host', '::'], ADDRESS],
  ['on one address', ['--host', `[${ADDRESS}]`], ADDRESS],
  ['on this machine alone', ['--host', '::1'], '::1'],
] as const)('a coordinator that listens %s', async ([, host, address]) => {
  expect(ip('-4', '-o', 'addr')).toBe('');
  const data = temporaryFolderSync('ipv6-coordinator');
  const coordinator = inside(['coordinator', 'start', '--open', '--data', data, '--port', '0', ...host]);
  const { url, gatewayUrl } = await said(coordinator, 'listening');
  expect(url).toMatch(new RegExp(`^http://\\[${address}\\]:\\d+$`));
  expect(gatewayUrl).toMatch(new RegExp(`^http://\\[${address}\\]:\\d+$`));
  const place = String(url).slice('http://'.length);

  const folder = temporaryFolderSync('ipv6-map');
  writeFileSync(join(folder, 'ranges.txt'), '0 1000\n1000 2000\n2000 3000\n');
  writeFileSync(join(folder, 'shared.bin'), randomBytes(SHARED_BYTES));
  const at = ['--coordinator', place, '--data', join(folder, 'data'), '--project', 'primes'];
  const created = inside(['project', 'create', 'primes', ...at.slice(0, 4)]);
  expect(await created.exit(), created.story()).toBe(0);
  const primes = join(REPOSITORY, 'sdk/examples/primes.wasm');
  const map = inside([
    ...['map', primes, ...at, '--each-line', join(folder, 'ranges.txt'), '--out', join(folder, 'out')],
    ...['--file', `shared.bin=${join(folder, 'shared.bin')}`, '--quorum', '2'],
  ]);
  const first = await joined(place, 'ada');
  await until(
    () => `three units of ${first.story()} and ${map.story()}`,
    () => (statusOf(first)?.totals.computed ?? 0) >= 3,
  );
  const second = await joined(place, 'bert');
  expect(await map.exit(), `${map.story()}\n${second.story()}`).toBe(0);
  const counts = ['000001', '000002', '000003'].map((name) => Number(readFileSync(join(folder, 'out', name), 'utf8')));
  expect(counts).toEqual([168, 135, 127]);
  await until(
    () => `blocks from the first at ${second.story()}`,
    () => (statusOf(second)?.transfers.fromPeersBytes ?? 0) >= SHARED_BYTES,
  );
  for (const process of [first, second, coordinator]) expect(await process.stop(), process.story()).toBe(0);
});
