// The log: bounded in what equal events cost, and with nothing in it that acts on what shows it.
import { expect, test } from 'vitest';
import { BY_OPERATOR, createLogger } from '../../../src/config/logger.js';
import { NestLog } from '../../../src/http/nest-log.js';

function keptLog(level = 'info') {
  const lines: string[] = [];
  const clock = { nowMs: 0 };
  const logger = createLogger(level, { write: (line) => void lines.push(line) }, () => clock.nowMs);
  const parsed = () => lines.map((line) => JSON.parse(line) as { msg: string; count?: number; what?: string });
  return { logger, clock, parsed, sizeBytes: () => Buffer.byteLength(lines.join('')) };
}

function deepError(depth: number, words: string): Error {
  return depth === 0 ? new TypeError(words) : deepError(depth - 1, words);
}

test.each([
  [
    'faults with stacks',
    (log: ReturnType<typeof keptLog>['logger'], at: number) =>
      log.error({ err: deepError(9, `fault ${at}`), method: 'GET' }, 'unexpected fault'),
  ],
  [
    'what Nest says, each time in other words',
    (log: ReturnType<typeof keptLog>['logger'], at: number) =>
      new NestLog(log).error(`Error: ${at}\n${'    at somewhere\n'.repeat(40)}`, 'WorkerGateway'),
  ],
  ['short lines', (log: ReturnType<typeof keptLog>['logger'], at: number) => log.info({ at }, 'app version checked')],
])('1,500 equal events cost at most 10 KB, and their number is told: %s', (_name, say) => {
  const log = keptLog();
  for (let at = 0; at < 1500; at++) {
    log.clock.nowMs += 1000;
    say(log.logger, at);
  }
  log.logger.flush();
  expect(log.sizeBytes()).toBeLessThan(10_000);
  const told = log.parsed();
  const counted = told.reduce((sum, { count = 1 }) => sum + count, 0);
  expect(counted).toBe(1500);
  expect(told.at(-1)).toMatchObject({ msg: 'the same again, counted' });
});

test('other events, and those after a quiet time, have lines of their own', () => {
  const log = keptLog();
  for (let at = 0; at < 100; at++) log.logger.warn('first kind '.padEnd(200, '.'));
  log.logger.warn('second kind');
  log.logger.flush();
  log.clock.nowMs += 3_700_000;
  log.logger.warn('first kind '.padEnd(200, '.'));
  const last = log.parsed().map(({ msg }) => msg.slice(0, 11));
  expect(last.slice(-3)).toEqual(['second kind', 'the same ag', 'first kind ']);
});

test('what the operator does is never merely counted, nor what was asked for at debug', () => {
  const log = keptLog('debug');
  const operator = log.logger.child(BY_OPERATOR);
  for (let at = 0; at < 200; at++) operator.info({ hostId: `host ${at}` }, 'host banned by the operator');
  for (let at = 0; at < 200; at++) log.logger.debug({ at }, 'call');
  expect(log.parsed()).toHaveLength(400);
});

test('no text in it acts on what shows it, or begins a line of its own', () => {
  const log = keptLog();
  const words = 'a\u001b[31m\u009b2Jb\u202ec\nforged';
  log.logger.info({ [words]: words, list: [words] }, words);
  log.logger.error({ err: new Error(words) }, 'fault');
  const all = log.parsed().flatMap((line) => JSON.stringify(line));
  expect(all.join('')).toContain('a[31m2Jbc forged');
  for (const line of all) expect(line).not.toMatch(/\\u001b|\\n(?! +at )|[\p{Cc}\u202e]/u);
});
