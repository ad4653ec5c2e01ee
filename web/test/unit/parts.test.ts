// Parts of pages that are loaded when they are first needed, again and again while that fails.
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { type PartSource, type PartState, watchPart } from '../../src/shell/load-part.js';
import { PageFault } from '../../src/shell/page-fault.js';
import { createPart } from '../../src/shell/part.js';
import { PartRenewed, PartWaiting } from '../../src/shell/part-states.js';

async function statesOf(source: Partial<PartSource<string>> & Pick<PartSource<string>, 'load'>) {
  const states: PartState<string>[] = [];
  const pauses: number[] = [];
  const watched = watchPart({
    isAnswering: async () => false,
    pause: async (durationMs) => void pauses.push(durationMs),
    ...source,
  });
  for await (const state of watched) states.push(state);
  return { states, pauses };
}

/** Fails so often before it succeeds. */
function failing(count: number): () => Promise<string> {
  let left = count;
  return async () => {
    left -= 1;
    if (left >= 0) throw new TypeError('Failed to fetch dynamically imported module');
    return 'page';
  };
}

describe('a part of the pages', () => {
  test('is there at once when it loads', async () => {
    expect(await statesOf({ load: failing(0) })).toEqual({ states: [{ kind: 'ready', part: 'page' }], pauses: [] });
  });

  test('is tried again ever more slowly while nobody answers, and is there when somebody does', async () => {
    const { states, pauses } = await statesOf({ load: failing(7) });
    expect(states.slice(0, -1)).toEqual(Array(7).fill({ kind: 'waiting' }));
    expect(states.at(-1)).toEqual({ kind: 'ready', part: 'page' });
    expect(pauses).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  test('that fails although the coordinator answers was renewed; what failed before the answer may be chance', async () => {
    const answering = { isAnswering: async () => true };
    expect((await statesOf({ load: failing(1), ...answering })).states.map(({ kind }) => kind)).toEqual([
      'waiting',
      'ready',
    ]);
    expect((await statesOf({ load: failing(2), ...answering })).states.map(({ kind }) => kind)).toEqual([
      'waiting',
      'ready',
    ]);
    expect((await statesOf({ load: failing(9), ...answering })).states.map(({ kind }) => kind)).toEqual([
      'waiting',
      'renewed',
    ]);
  });

  test('is loaded ahead of time once, and a failure then harms nothing', async () => {
    const asked: string[] = [];
    const part = createPart(async () => {
      asked.push('load');
      if (asked.length === 1) throw new Error('away');
      return () => 'the page';
    });
    await part.preload();
    expect(renderToStaticMarkup(createElement(part))).toContain('aria-busy="true"');
    await part.preload();
    await part.preload();
    expect(asked).toHaveLength(2);
    expect(renderToStaticMarkup(createElement(part))).toBe('the page');
  });

  test('says in its place what happened, what is safe and what to do', () => {
    const waiting = renderToStaticMarkup(createElement(PartWaiting, { onRetry: () => undefined }));
    expect(waiting).toMatch(/role="alert".*This page isn’t loaded yet.*nothing is lost.*<button[^>]*>Try again now</s);
    const renewed = renderToStaticMarkup(createElement(PartRenewed, { onReload: () => undefined }));
    expect(renewed).toMatch(/role="alert".*The pages were renewed.*<button[^>]*>Load the new ones</s);
    const broken = renderToStaticMarkup(
      createElement(PageFault, { error: new Error('x is undefined'), reset: () => undefined }),
    );
    expect(broken).toMatch(/role="alert".*couldn’t be drawn.*<button[^>]*>Draw it again<.*x is undefined/s);
  });
});
