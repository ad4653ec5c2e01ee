// A body must keep coming: a line of 64 kbit/s is fast enough, who stalls is told so and cut off.
import { until } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { started } from '../support/running.js';
import { heard, knock } from '../support/strangers.js';

const HEAD = 'POST /api/v1/blocks/missing HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
/** A line of 64 kbit/s carries so many bytes in a second. */
const LINE_BYTES_PER_SECOND = 8000;

test('a body that stalls is ended long before two minutes; one on a slow line is not', async () => {
  const { url } = await started();
  const stalled = await knock({ url }, `${HEAD}content-length: 200000\r\n\r\n{"cids":[`);
  const says = heard(stalled);
  const slow = await knock({ url }, `${HEAD}content-length: 200000\r\n\r\n`);
  const answers = heard(slow);
  const beganAtMs = performance.now();
  const body = `{"cids":[]${' '.repeat(200_000 - 11)}}`;
  let sentBytes = 0;
  const line = setInterval(() => {
    const dueBytes = Math.min(body.length, ((performance.now() - beganAtMs) / 1000) * LINE_BYTES_PER_SECOND);
    slow.write(body.slice(sentBytes, Math.floor(dueBytes)));
    sentBytes = Math.floor(dueBytes);
  }, 250);
  await until('the end of the stalled one', () => stalled.closed);
  expect(performance.now() - beganAtMs).toBeLessThan(60_000);
  expect(says()).toMatch(/^HTTP\/1.1 504 .*"code":"MH-GEN-004"/s);
  await until('the answer to the slow one', () => answers() !== '' || slow.closed);
  clearInterval(line);
  expect(answers()).toMatch(/^HTTP\/1.1 200 /);
});
