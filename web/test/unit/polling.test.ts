import type { Batch, Questions } from '@manyhands/contract';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readQuestions } from '../../src/api/questions.js';
import { getJson, isBusy, isNotFound, RequestError } from '../../src/api/request.js';
import { queryOf } from '../../src/api/use-polled.js';
import { openBatch, question } from '../fixtures/answers.js';

const { signal } = new AbortController();
const state = <T>(data?: T) => ({ state: { data } });

afterEach(() => {
  vi.unstubAllGlobals();
});

const answer = (respond: (path: string) => Response | Promise<Response>) =>
  vi.stubGlobal('fetch', async (input: string) => respond(String(input)));

describe('a question that is asked again and again', () => {
  const failureCount = () => ({ current: 0 });

  test('is asked more slowly after each failure, and as before after a success', async () => {
    let isAway = true;
    const count = failureCount();
    const query = queryOf(
      { key: ['k'], read: async () => (isAway ? Promise.reject(new Error('away')) : 'here') },
      count,
    );
    expect(query.refetchInterval(state())).toBe(2000);
    for (const waitMs of [4000, 8000]) {
      await expect(query.queryFn({ signal })).rejects.toThrow('away');
      expect(query.refetchInterval(state())).toBe(waitMs);
    }
    isAway = false;
    await expect(query.queryFn({ signal })).resolves.toBe('here');
    expect(query.refetchInterval(state<string>('here'))).toBe(2000);
  });

  test('that the page itself gave up has not failed', async () => {
    const gone = new AbortController();
    const count = failureCount();
    const query = queryOf({ key: ['k'], read: async () => Promise.reject(new Error('aborted')) }, count);
    gone.abort();
    await expect(query.queryFn({ signal: gone.signal })).rejects.toThrow();
    expect(count.current).toBe(0);
  });

  test('is asked as often as its answer needs, once only, or not at all', () => {
    const byState = (data: Batch | undefined) => (data?.state === 'open' ? 2000 : 60_000);
    const query = queryOf({ key: ['k'], read: async () => openBatch, intervalMs: byState }, failureCount());
    expect(query.refetchInterval(state(openBatch))).toBe(2000);
    expect(query.refetchInterval(state<Batch>({ ...openBatch, state: 'complete' }))).toBe(60_000);
    const once = queryOf({ key: ['k'], read: async () => 1, intervalMs: null }, failureCount());
    expect(once.refetchInterval(state(1))).toBe(false);
    expect(queryOf({ key: ['k'], read: async () => 1, isEnabled: false }, failureCount()).enabled).toBe(false);
  });
});

describe('an answer', () => {
  test('other than success carries its status and code', async () => {
    answer(() => Response.json({ code: 'MH-GEN-003' }, { status: 404 }));
    const error = await getJson('/projects/x', signal).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 404, code: 'MH-GEN-003', silence: null });
    expect(isNotFound(error as Error)).toBe(true);
    expect(isBusy(error as Error)).toBe(false);
  });

  test.each([
    ['a proxy’s page', () => new Response('<html>', { status: 502 }), { status: 502, code: null }],
    ['no JSON', () => new Response('<html>', { status: 200 }), { status: null, silence: 'unreachable' }],
    ['nobody there', () => Promise.reject(new TypeError('fetch failed')), { status: null, silence: 'unreachable' }],
  ] as const)('that is %s is told as such', async (_, respond, expected) => {
    answer(respond as () => Response);
    await expect(getJson('/stats', signal)).rejects.toMatchObject(expected);
  });

  test('that takes too long is slow, not lost', () => {
    expect(isBusy(new RequestError('late'))).toBe(true);
    expect(isBusy(new RequestError('unreachable'))).toBe(false);
    expect([429, 503, 500].map((status) => isBusy(new RequestError({ status, code: null })))).toEqual([
      true,
      true,
      false,
    ]);
    expect([400, 404, 403].map((status) => isNotFound(new RequestError({ status, code: null })))).toEqual([
      true,
      true,
      false,
    ]);
    expect(isNotFound(null)).toBe(false);
  });

  test('is asked for below /api/v1, as JSON', async () => {
    const paths: string[] = [];
    answer((path) => {
      paths.push(path);
      return Response.json({ ok: true });
    });
    await expect(getJson('/stats', signal)).resolves.toEqual({ ok: true });
    expect(paths).toEqual(['/api/v1/stats']);
  });
});

describe('the pages of the list of questions', () => {
  const page = (name: string, next: string | null): Questions => ({
    nowMs: 1,
    questions: [
      { ...question, project: { ...question.project, projectId: name as typeof question.project.projectId } },
    ],
    next,
  });
  const serve = (pages: Record<string, Questions>) => {
    const paths: string[] = [];
    answer((path) => {
      paths.push(path);
      return Response.json(pages[path]);
    });
    return paths;
  };
  const two = { '/api/v1/questions': page('one', 'a b'), '/api/v1/questions?after=a%20b': page('two', null) };

  test('are read one after another, as many as were asked for', async () => {
    serve(two);
    expect(await readQuestions(1, signal)).toMatchObject({
      questions: [{ project: { projectId: 'one' } }],
      next: 'a b',
    });
    const paths = serve(two);
    expect((await readQuestions(5, signal)).questions.map(({ project }) => project.projectId)).toEqual(['one', 'two']);
    expect(paths).toHaveLength(2);
  });

  test('show a question once that moved from one to the other in between', async () => {
    serve({ ...two, '/api/v1/questions?after=a%20b': page('one', null) });
    expect((await readQuestions(2, signal)).questions).toHaveLength(1);
  });
});
