// Programs that never end, eat memory, flood their output, trap or fail: each ends with its documented code, and the good units beside them are done.
import { ManyhandsError } from '@manyhands/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Cluster } from '../support/cluster.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ workers: 2 });
});
afterAll(() => cluster.stop());

test('bad units fail with their codes, good ones are accepted', async () => {
  const { app } = await cluster.probe();
  const unit = (name: string, ...args: string[]) => ({ name, args });
  const good = Array.from({ length: 6 }, (_, number) => ({
    name: `good-${number}`,
    args: ['work', '5'],
    stdin: String(number),
  }));
  const bad = [unit('fail', 'fail', '3'), unit('trap', 'trap'), unit('output', 'output'), unit('loop', 'loop')];
  const batch = await app.map([...good, unit('memory', 'memory'), ...bad], { name: 'bad', timeoutMs: 2_000 });
  const outcomes = new Map<
    string,
    { state: string; cause: string | null; code: string | null; stderrTail: string | null }
  >();
  for await (const result of batch.results({ failures: 'yield' })) {
    const failure = result.state === 'failed' ? result : undefined;
    outcomes.set(result.name, {
      state: result.state,
      cause: failure?.cause ?? null,
      code: failure?.code ?? null,
      stderrTail: failure?.stderrTail ?? null,
    });
  }
  for (const { name } of good) expect(outcomes.get(name)?.state, name).toBe('accepted');
  // Growth at the declared maximum gives -1, like on any host: the program sees it and ends well.
  expect(outcomes.get('memory')?.state).toBe('accepted');
  expect(outcomes.get('fail')).toMatchObject({
    state: 'failed',
    code: 'MH-VAL-001',
    cause: 'MH-UNIT-002',
    stderrTail: 'no good\n',
  });
  expect(outcomes.get('trap')).toMatchObject({ state: 'failed', code: 'MH-VAL-001', cause: 'MH-UNIT-001' });
  expect(outcomes.get('output')).toMatchObject({ state: 'failed', code: 'MH-VAL-001', cause: 'MH-UNIT-003' });
  expect(outcomes.get('loop')).toMatchObject({ state: 'failed', code: 'MH-VAL-003', cause: 'MH-HOST-003' });
});

test('an endless iteration ends in an error that lists the failures, unless asked otherwise', async () => {
  const { app } = await cluster.probe();
  const batch = await app.map([{ name: 'f', args: ['fail', '4'] }], { name: 'one-failure' });
  const error = await (async () => {
    for await (const result of batch.results()) expect(result).toBeUndefined();
  })().then(
    () => undefined,
    (thrown: unknown) => ManyhandsError.from(thrown),
  );
  expect(error?.code).toBe('MH-BAT-008');
});
