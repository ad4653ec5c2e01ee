// A unit that nobody brings to its end, as its scientist sees it: held, told by every command, and opened again.
import { join } from 'node:path';
import { manyhands, until } from '@manyhands/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster } from '../support/cluster.js';
import { answers, leaseOf, report } from '../support/raw-answers.js';
import { RawHost } from '../support/raw-host.js';

const UNITS = 60;
let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ workers: 0, environment: { MANYHANDS_LEASE_MINIMUM_MS: '2000' } });
});
afterAll(() => cluster.stop());

/** Hosts of ever other networks, which hand in all that they get but the first unit. */
async function loseFirst(network: number): Promise<void> {
  const host = await RawHost.connect(cluster.url, { localAddress: `127.0.${network}.1` });
  const lease = await leaseOf(host, 3);
  await report(
    host,
    host.sealReceipt(
      lease,
      answers(lease).filter(({ index }) => index > 0),
    ),
  );
  await host.wait('lease.cancel');
  host.close();
}

test('a unit that runs out everywhere is held: show, results and retry say so and do so', async () => {
  const { app } = await cluster.probe();
  const inputs = Array.from({ length: UNITS }, (_, index) => ({ name: `unit-${index}`, args: ['work', '1'] }));
  const batch = await app.map(inputs, { name: 'stuck', quorum: 1, expectedDurationMs: 1 });
  let networks = 0;
  while ((await batch.status()).counts.held === 0) await loseFirst(++networks);
  expect(networks).toBeGreaterThanOrEqual(4);
  const helper = await RawHost.connect(cluster.url);
  await until('all others', async () => {
    const lease = await helper.lease(16);
    if (lease) await report(helper, helper.sealReceipt(lease, answers(lease)));
    return (await batch.status()).counts.accepted === UNITS - 1;
  });
  helper.close();

  const at = ['--coordinator', cluster.url, '--data', cluster.path('scientist'), '--project', 'probes'];
  const show = await manyhands(['batch', 'show', 'stuck', ...at]);
  expect([show.exitCode, show.stdout]).toEqual([
    4,
    expect.stringMatching(/held +1\. It is held: [\s\S]*batch retry stuck/),
  ]);
  const results = ['batch', 'results', 'stuck', '--out', join(cluster.folder, 'out'), '--follow', ...at];
  const first = await manyhands(results);
  expect([first.exitCode, first.stdout]).toEqual([4, expect.stringContaining('1 unit held. It is held: ')]);
  expect(first.stderr).toContain('1 held, nothing else is open');
  await expect(async () => {
    for await (const _ of batch.results());
  }).rejects.toMatchObject({ code: 'MH-VAL-008' });
  expect((await manyhands(['batch', 'list', ...at])).stdout).toContain('1, 1 held');

  const retry = await manyhands(['batch', 'retry', 'stuck', '--unit', 'unit-0', ...at]);
  expect([retry.exitCode, retry.stdout]).toEqual([0, '1 unit is open again.\n']);
  await cluster.startWorker('patient');
  const second = await manyhands(results);
  expect([second.exitCode, second.stdout]).toEqual([0, expect.stringContaining(`stuck: ${UNITS} results`)]);
});
