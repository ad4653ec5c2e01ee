// The demo as a user runs it, to its end: the known answer, sums that add up, no process left.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manyhands, temporaryFolder, until } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { expectedHits, processesWith } from '../support/demo.js';

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

test('the demo finds the known stretches, and its figures add up', async () => {
  const folder = await temporaryFolder('demo');
  const file = join(folder, 'out.json');
  const options = ['--json', '--port', '0', '--out', file, '--data', join(folder, 'data')];
  const { exitCode, lines, stderr } = await manyhands(['demo', '--exit', ...options]);
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
  await until('the end of all its processes', async () => (await processesWith(folder)).length === 0);
});
