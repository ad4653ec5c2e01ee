// The siege at its smallest: it measures everything that it requires, and every attack does something.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const SMALL = ['--honest-hosts', '5', '--units', '6', '--seconds', '3', '--requests', '200', '--sockets', '60'];

function siege(words: readonly string[]) {
  return spawnSync(process.execPath, ['lab/dist/siege/run.js', '--json', ...words], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, MANYHANDS_NICE: '0' },
  });
}

test.runIf(process.platform === 'linux')('one attack from one address, with all its figures', () => {
  const { status, stdout, stderr } = siege(['--only', 'lasting-bytes', '--from', 'one', ...SMALL, '--nice', '0']);
  const { rows, isMet } = JSON.parse(stdout);
  expect(rows, stderr).toHaveLength(1);
  const [row] = rows;
  expect(row).toMatchObject({ attack: 'lasting-bytes', from: 'one', wrongCount: 0, crew: { joined: 5, worked: 5 } });
  expect(row.requests).toBeGreaterThan(0);
  for (const name of [
    'attackerCpuShare',
    'healthP95Ms',
    'joinMedianMs',
    'batchSeconds',
    'batchComparedSeconds',
    'peakBytes',
  ])
    expect(row[name], name).toBeGreaterThan(0);
  // Whether it is quick enough is no matter for a test.
  expect(isMet).toBe(row.misses.length === 0);
  expect(status).toBe(isMet ? 0 : 1);
});

test('an attack that does not exist is refused at once', () => {
  const { status, stdout, stderr } = siege(['--only', 'nothing']);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});
