// Whose check computes next: nobody's long program keeps another waiting, and each comes to its end.
import { expect, test } from 'vitest';
import {
  afterGivingWay,
  afterTurn,
  type Check,
  newCheck,
  nextTurn,
  STOPPED_MAXIMUM,
} from '../../../src/apps/domain/check-turns.js';
import { CheckUse } from '../../../src/apps/domain/check-use.js';

type Program = { rowId: number; projectRowId: number; needsMs: number; comesMs?: number };

/** When each program is done, in milliseconds of computing; no check of more than one process at a time. */
function computed(programs: readonly Program[]): Map<number, number> {
  const use = new CheckUse();
  const doneMs = new Map<number, number>();
  const waiting = [...programs];
  const checks = new Map<number, Check>();
  let nowMs = 0;
  while (doneMs.size < programs.length) {
    for (const program of waiting.filter(({ comesMs = 0 }) => comesMs <= nowMs)) {
      checks.set(program.rowId, newCheck(program));
      waiting.splice(waiting.indexOf(program), 1);
    }
    const turn = nextTurn([...checks.values()], (projectRowId) => use.usedMs(projectRowId, 0));
    if (!turn) throw new Error('nothing goes on');
    const { check, turnMs, givesWay } = turn;
    if (givesWay) checks.set(givesWay.rowId, afterGivingWay(givesWay));
    const { needsMs = 0 } = programs.find(({ rowId }) => rowId === check.rowId) ?? {};
    const ranMs = Math.min(turnMs, needsMs - check.usedMs);
    nowMs += ranMs;
    use.add(check.projectRowId, ranMs, 0);
    if (check.usedMs + ranMs >= needsMs) {
      checks.delete(check.rowId);
      doneMs.set(check.rowId, nowMs);
    } else {
      const stopped = [...checks.values()].filter(({ phase }) => phase === 'stopped').length;
      const isFull = check.phase !== 'stopped' && stopped >= STOPPED_MAXIMUM;
      checks.set(check.rowId, afterTurn(check, { usedMs: check.usedMs + ranMs, isFull }));
    }
    expect([...checks.values()].filter(({ phase }) => phase === 'stopped').length).toBeLessThanOrEqual(STOPPED_MAXIMUM);
    expect(nowMs, 'everybody comes to an end').toBeLessThan(10_000_000);
  }
  return doneMs;
}

const BOMB_MS = 120_000;
const bombs = (count: number, each = 1): Program[] =>
  Array.from({ length: count * each }, (_, at) => ({
    rowId: at + 1,
    projectRowId: Math.floor(at / each) + 1,
    needsMs: BOMB_MS,
  }));
const HONEST = 1000;

test.each([
  ['at the same time as them', 0, 800, 11_000],
  ['after them', 90_000, 800, 4000],
  ['and needs several seconds', 0, 4000, 45_000],
  ['after them, and needs several seconds', 90_000, 4000, 30_000],
])('an honest program that comes %s does not wait for bombs of ten projects', (_when, comesMs, needsMs, withinMs) => {
  const honest = { rowId: HONEST, projectRowId: HONEST, needsMs, comesMs };
  const done = computed([...bombs(10), honest]).get(HONEST) ?? Number.POSITIVE_INFINITY;
  expect(done - comesMs).toBeLessThan(withinMs);
});

test('many programs of one project do not slow another one down', () => {
  const honest = { rowId: HONEST, projectRowId: HONEST, needsMs: 3000, comesMs: 200_000 };
  const done = computed([...bombs(1, 40), honest]).get(HONEST) ?? Number.POSITIVE_INFINITY;
  expect(done - 200_000).toBeLessThan(40_000);
});

test('all come to their end, however often they gave way', () => {
  expect(computed(bombs(10, 2)).size).toBe(20);
});

test('what a project used is forgotten with time', () => {
  const use = new CheckUse();
  use.add(1, 1000, 0);
  expect(use.usedMs(1, 3_600_000)).toBeCloseTo(500);
  use.add(2, 1, 100 * 3_600_000);
  expect(use.usedMs(1, 100 * 3_600_000)).toBe(0);
});
