// What the machine says about itself: power, disk, and when it changes.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolderSync } from '@manyhands/testing';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { isOnBattery } from '../../src/policy-sensors/battery.js';
import { isDiskShort } from '../../src/policy-sensors/disk.js';
import { watchSensors } from '../../src/policy-sensors/sensors.js';

let directory: string;
beforeEach(() => {
  directory = temporaryFolderSync();
});

function supply(name: string, attributes: Record<string, string>): void {
  mkdirSync(join(directory, name));
  for (const [attribute, value] of Object.entries(attributes))
    writeFileSync(join(directory, name, attribute), `${value}\n`);
}

const onLinux = test.skipIf(process.platform !== 'linux');

onLinux('a discharging battery without power from outside', async () => {
  supply('BAT0', { type: 'Battery', status: 'Discharging' });
  expect(await isOnBattery(directory)).toBe(true);
  supply('AC', { type: 'Mains', online: '0' });
  expect(await isOnBattery(directory)).toBe(true);
});

onLinux.for([
  ['plugged in', { type: 'Battery', status: 'Discharging' }, { type: 'Mains', online: '1' }],
  ['charging by USB', { type: 'Battery', status: 'Discharging' }, { type: 'USB', online: '1' }],
  ['full', { type: 'Battery', status: 'Full' }, { type: 'Mains', online: '0' }],
  ['a mouse', { type: 'Battery', status: 'Discharging', scope: 'Device' }, { type: 'Mains', online: '0' }],
] as const)('%s is not «on battery»', async ([, first, second]) => {
  supply('one', first);
  supply('two', second);
  expect(await isOnBattery(directory)).toBe(false);
});

test('a machine that shows no power supplies is plugged in', async () => {
  expect(await isOnBattery(join(directory, 'missing'))).toBe(false);
});

test('bundles beyond their share of the disk limit are too many', async () => {
  expect(await isDiskShort({ directory, bundleBytes: 10, bundlesMaximumBytes: 10 })).toBe(true);
  expect(await isDiskShort({ directory, bundleBytes: 9, bundlesMaximumBytes: 10 })).toBe(false);
});

test('every reading is told until the watch is stopped', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const readings = [true, true, false];
  const told: boolean[] = [];
  const stop = watchSensors(
    [{ reason: 'battery', intervalMs: 1, read: async () => readings.shift() ?? false }],
    (_, isActive) => told.push(isActive),
  );
  await vi.advanceTimersByTimeAsync(10);
  stop();
  const count = told.length;
  expect(told.slice(0, 4)).toEqual([true, true, false, false]);
  await vi.advanceTimersByTimeAsync(100);
  expect(told).toHaveLength(count);
});
