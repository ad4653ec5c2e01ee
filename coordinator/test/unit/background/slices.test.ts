// Work in the background: slice after slice as long as there is more, one at a time, and none once it is stopped.
import { until } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { Slices } from '../../../src/background/slices.js';

test('it goes on while there is more, and begins again when it is woken', async () => {
  let done = 0;
  const slices = new Slices(
    async () => ++done % 3 !== 0,
    (error) => expect.fail(String(error)),
  );
  slices.wake();
  slices.wake();
  await until('three slices', () => done === 3);
  slices.wake();
  await until('three more', () => done === 6);
  await slices.stop();
  slices.wake();
  expect(done).toBe(6);
});

test('stopping waits for the slice under way; trouble is told and tried again later', async () => {
  const troubles: unknown[] = [];
  let release = (): void => {};
  let isEnded = false;
  const slices = new Slices(
    async () => {
      if (troubles.length === 0) throw new Error('full');
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      isEnded = true;
      return true;
    },
    (error) => troubles.push(error),
  );
  slices.wake();
  await until('the trouble', () => troubles.length === 1);
  await slices.stop();
  const others = new Slices(
    async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      isEnded = true;
      return false;
    },
    () => undefined,
  );
  let isBegun = false;
  release = () => {
    isBegun = true;
  };
  const first = release;
  others.wake();
  await until('the slice', () => release !== first);
  const stopping = others.stop();
  expect([isBegun, isEnded]).toEqual([false, false]);
  release();
  await stopping;
  expect(isEnded).toBe(true);
});
