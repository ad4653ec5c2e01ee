// Back-pressure: work goes ahead of the consumer by a bound, order is kept, errors and early ends leave nothing under way.
import { expect, test } from 'vitest';
import { mapAhead } from '../../src/results/prefetch.js';

async function* numbers(count: number, taken: number[] = []): AsyncGenerator<number, void, undefined> {
  for (let number = 0; number < count; number += 1) {
    taken.push(number);
    yield number;
  }
}
const options = { ahead: 3, weigh: () => 0, weightMaximum: 1, stop: () => undefined };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('results come in the order of the source, however long each takes', async () => {
  const delays = [5, 1, 3, 0, 2];
  const results: number[] = [];
  const work = async (item: number): Promise<number> => {
    for (let count = 0; count < (delays[item] ?? 0); count += 1) await turn();
    return item;
  };
  for await (const item of mapAhead(numbers(5), options, work)) results.push(item);
  expect(results).toEqual([0, 1, 2, 3, 4]);
});

test('no more than the bound is started while the consumer rests', async () => {
  const started: number[] = [];
  const taken: number[] = [];
  const stream = mapAhead(numbers(100, taken), options, async (item) => {
    started.push(item);
    await turn();
    return item;
  });
  await stream.next();
  for (let count = 0; count < 50; count += 1) await turn();
  expect(started.length).toBeLessThanOrEqual(4);
  expect(taken.length).toBeLessThanOrEqual(5);
  await stream.return();
});

test('heavy items are fetched one at a time', async () => {
  let underWay = 0;
  let most = 0;
  const work = async (item: number): Promise<number> => {
    underWay += 1;
    most = Math.max(most, underWay);
    await turn();
    underWay -= 1;
    return item;
  };
  const seen: number[] = [];
  for await (const item of mapAhead(numbers(6), { ...options, weigh: () => 1 }, work)) seen.push(item);
  expect(seen).toHaveLength(6);
  expect(most).toBe(1);
});

test('an error comes in its turn and stops the source', async () => {
  let stops = 0;
  const seen: number[] = [];
  const work = async (item: number): Promise<number> => {
    if (item === 2) throw new Error('broken');
    return item;
  };
  const run = async (): Promise<void> => {
    for await (const item of mapAhead(numbers(10), { ...options, stop: () => stops++ }, work)) seen.push(item);
  };
  await expect(run()).rejects.toThrow('broken');
  expect(seen).toEqual([0, 1]);
  expect(stops).toBe(1);
});

test('a result is handed over while the source is still waiting for the next one', async () => {
  let release: () => void = () => undefined;
  const source = async function* (): AsyncGenerator<number, void, undefined> {
    yield 1;
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    yield 2;
  };
  const stream = mapAhead(source(), options, async (item) => item);
  expect(await stream.next()).toEqual({ value: 1, done: false });
  release();
  expect(await stream.next()).toEqual({ value: 2, done: false });
  expect((await stream.next()).done).toBe(true);
});
