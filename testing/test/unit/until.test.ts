// Waiting for conditions, and what is said of a wait that was ended.
import { expect, it } from 'vitest';
import { until } from '../../src/index.js';
import { abandonWaits } from '../../src/until.js';

it('gives the first answer that is one', async () => {
  const answers = [undefined, null, false, 0];
  expect(await until('an answer', () => answers.shift())).toBe(0);
  expect(answers).toEqual([]);
});

it('awaits a condition that takes its time, and never asks twice at once', async () => {
  let open = 0;
  let asked = 0;
  const answer = await until('three calls', async () => {
    expect(++open).toBe(1);
    await Promise.resolve();
    open--;
    return ++asked === 3 && 'done';
  });
  expect(answer).toBe('done');
});

it('ends with what the condition throws', async () => {
  const wait = until('nothing', () => {
    throw new TypeError('broken');
  });
  await expect(wait).rejects.toThrow(TypeError);
  expect(abandonWaits()).toEqual([]);
});

it('says what each wait of a test was for, with its last answer, and ends it', async ({ task }) => {
  let asked = 0;
  const waits = [
    until('an answer that never comes', () => {
      asked++;
      return null;
    }),
    until(
      () => `call ${asked}`,
      () => false,
    ),
  ];
  const ends = Promise.allSettled(waits);
  await until('a few calls', () => asked >= 3);
  const sentences = abandonWaits(task.id);
  expect(sentences).toEqual([
    expect.stringMatching(/^waited \d+ s for an answer that never comes; the last answer was null$/),
    expect.stringMatching(/^waited \d+ s for call \d+; the last answer was false$/),
  ]);
  for (const end of await ends)
    expect(end).toEqual({
      status: 'rejected',
      reason: expect.objectContaining({ message: expect.stringContaining('the test has ended; it waited') }),
    });
  expect(abandonWaits(task.id)).toEqual([]);
});
