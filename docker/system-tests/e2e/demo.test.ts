// The demo as a user runs it, twice, to its end and staying up: the same answer, sums that add up, no process left.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { hasChromium, lookAtPages } from '../support/pages.js';
import { ManyhandsProcess, manyhands } from '../support/process.js';

type Report = {
  units: number;
  replicas: number;
  accepted: number;
  failed: number;
  redundancy: number;
  wallSeconds: number;
  coordinatorEgressBytes: number;
  peerBytes: number;
  creditMilli: number;
  picture: string;
  hosts: { name: string; creditMilli: number; acceptedReplicas: number }[];
  hits: Record<string, unknown>[];
};

const EXPECTED = new URL('../../../work-units/units/prophage/vectors/default-region.json', import.meta.url);
const expectedHits = async (): Promise<unknown> => JSON.parse(await readFile(EXPECTED, 'utf8'));

test('the demo finds the known stretches, and its figures add up', { timeout: 400_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'manyhands-demo-test-'));
  try {
    const file = join(folder, 'out.json');
    const options = ['--json', '--port', '0', '--out', file, '--data', join(folder, 'data')];
    const { exitCode, lines, stderr } = await manyhands(['demo', '--exit', ...options], 280_000);
    expect(exitCode, stderr).toBe(0);
    const report = JSON.parse(await readFile(file, 'utf8')) as Report;
    expect(lines.at(-1)).toEqual(report);
    expect(report).toMatchObject({ units: 68, accepted: 68, failed: 0 });
    expect(report.replicas).toBeGreaterThanOrEqual(2 * 68);
    expect(report.hosts).toHaveLength(4);
    // Credit sums to what was accepted, two replicas for each unit.
    const sum = report.hosts.reduce((total, { creditMilli }) => total + creditMilli, 0);
    const replicas = report.hosts.reduce((total, { acceptedReplicas }) => total + acceptedReplicas, 0);
    expect(sum).toBe(report.creditMilli);
    expect(replicas).toBe(2 * 68);
    expect(sum).toBeGreaterThan(0);
    expect(report.peerBytes).toBeGreaterThan(0);
    expect(report.coordinatorEgressBytes).toBeGreaterThan(0);
    expect(await readFile(report.picture, 'utf8')).toContain('<svg');
    expect(report.hits).toEqual(await expectedHits());
    expect(await processesWith(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.runIf(hasChromium())(
  'a demo that stays up finds the same and shows it on its pages, until Ctrl-C',
  { timeout: 400_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'manyhands-demo-pages-'));
    const demo = new ManyhandsProcess(['demo', '--json', '--port', '0', '--workers', '3', '--data', folder]);
    try {
      const { url, hits } = await demo.waitFor((line) => line.hits !== undefined, 280_000);
      expect(hits).toEqual(await expectedHits());
      const screens = fileURLToPath(new URL('../../../.build/screens/demo', import.meta.url));
      expect(
        await lookAtPages(String(url), ['/', '/leaderboard', '/network', '/join', '/no-such-page'], screens),
      ).toEqual([]);
      for (const table of ['leaderboard.csv?kind=accounts&period=total', 'peers.csv']) {
        const response = await fetch(`${url}/api/v1/${table}`);
        expect(response.headers.get('content-type')).toContain('text/csv');
        expect((await response.text()).trim().split('\n').length, table).toBeGreaterThan(3);
      }
      expect(await demo.stop()).toBe(0);
      expect(await processesWith(folder)).toEqual([]);
    } finally {
      await demo.kill();
      await rm(folder, { recursive: true, force: true });
    }
  },
);

/** Command lines of processes that mention the folder: every child of the demo has its data there. */
async function processesWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(text) && Number(pid) !== process.pid) found.push(line);
  }
  return found;
}
