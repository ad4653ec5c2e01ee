// Turns of calls: who comes alone never waits, who comes a thousand times waits for himself.
import { expect, test } from 'vitest';
import { Turns } from '../../src/turns.js';

/** The passes are made by the test; what began is noted in order. */
function scene() {
  const passes: (() => void)[] = [];
  const begun: string[] = [];
  const turns = new Turns((pass) => passes.push(pass));
  const take = (address: string, word = address): void => turns.take(address, () => begun.push(word));
  const pass = (): boolean => {
    const next = passes.shift();
    next?.();
    return next !== undefined;
  };
  return { begun, take, pass };
}

test('a first call begins at once, whoever else waits', () => {
  const { begun, take } = scene();
  for (let count = 0; count < 1000; count++) take('192.0.2.1');
  take('198.51.100.1');
  expect(begun).toEqual(['192.0.2.1', '198.51.100.1']);
});

test('neighbours in a network have its turns together, in the order in which they came', () => {
  const { begun, take, pass } = scene();
  take('192.0.2.1');
  take('192.0.2.2');
  take('192.0.2.3');
  expect(begun).toEqual(['192.0.2.1']);
  while (pass());
  expect(begun).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3']);
});

test('sixteen of many networks begin in one pass, and each comes to its turn before any has another', () => {
  const { begun, take, pass } = scene();
  const networks = Array.from({ length: 40 }, (_, at) => `10.0.${at}.1`);
  for (let round = 0; round < 3; round++) for (const network of networks) take(network, `${round} ${network}`);
  expect(begun).toHaveLength(40);
  pass();
  expect(begun).toHaveLength(56);
  while (pass());
  expect(begun).toEqual([0, 1, 2].flatMap((round) => networks.map((network) => `${round} ${network}`)));
});

test('when nobody waits there are no more passes, and the next call begins at once', () => {
  const { begun, take, pass } = scene();
  take('192.0.2.1', 'one');
  while (pass());
  take('192.0.2.1', 'two');
  expect(begun).toEqual(['one', 'two']);
});
