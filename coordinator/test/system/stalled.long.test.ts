// A body must keep coming: a line of 64 kbit/s is fast enough, who stalls is told so and cut off.
import { until } from '@manyhands/testing';
import { expect, test } from 'vitest';
import { started } from '../support/running.js';
import { heard, knock } from '../support/strangers.js';

const HEAD = 'POST /api/v1/blocks/missing HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
const SOME_BLOCK = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
/** A line of 64 kbit/s carries so many bytes in a second. */
const LINE_BYTES_PER_SECOND = 8000;

/** So long takes the slow one: several times what may pass without a byte, and less than a call may take. */
const SECONDS = 60;

test('a body that stalls is ended while one on a slow line still comes, which is answered', async () => {
  const { url } = await started();
  const sizeBytes = SECONDS * LINE_BYTES_PER_SECOND;
  const head = `${HEAD}content-length: ${sizeBytes}\r\n\r\n`;
  const stalled = await knock({ url }, `${head}{"cids":[`);
  const saysStalled = heard(stalled);
  const slow = await knock({ url }, head);
  const saysSlow = heard(slow);
  const body = `{"cids":["${SOME_BLOCK}"]${' '.repeat(sizeBytes - SOME_BLOCK.length - 13)}}`;
  const beganAtMs = performance.now();
  let sentBytes = 0;
  const line = setInterval(() => {
    const dueBytes = Math.floor(((performance.now() - beganAtMs) / 1000) * LINE_BYTES_PER_SECOND);
    slow.write(body.slice(sentBytes, dueBytes));
    sentBytes = Math.min(body.length, dueBytes);
  }, 250);
  await until('the answer to the slow one', () => saysSlow() !== '' || slow.closed);
  clearInterval(line);
  expect(saysStalled()).toMatch(/^HTTP\/1.1 504 .*"code":"MH-GEN-004"/s);
  expect(saysSlow()).toMatch(/^HTTP\/1.1 200 /);
});
