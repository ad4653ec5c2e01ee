// Draws components in the real browser that the tests run in, with recorded answers behind `fetch`.
import { createMemoryHistory } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { onTestFinished } from 'vitest';
import { App } from '../../src/app.js';
import { answerOf, type Scene } from '../fixtures/coordinator-answers.js';

/** Draws until the test ends. Returns the element that holds it. */
export function draw(content: ReactNode): HTMLElement {
  const host = document.body.appendChild(document.createElement('div'));
  host.style.width = '1000px';
  const root = createRoot(host);
  root.render(content);
  onTestFinished(() => {
    root.unmount();
    host.remove();
  });
  return host;
}

/** Draws the whole application at an address. */
export function drawPage(path: string): HTMLElement {
  return draw(<App history={createMemoryHistory({ initialEntries: [path] })} />);
}

export type FakeCoordinator = {
  /** What it tells from now on; null: HTTP 503; 'silent': the connection fails. */
  show(scene: Scene | null | 'silent'): void;
  /** Paths asked for so far. */
  readonly asked: string[];
  /** Answers this path with this body instead. */
  answer(path: string, body: unknown): void;
};

/** Stands for the network: the browser's `fetch` until the test ends. */
export function fakeCoordinator(first: Scene | null | 'silent'): FakeCoordinator {
  const real = globalThis.fetch;
  let scene = first;
  const asked: string[] = [];
  const special = new Map<string, unknown>();
  globalThis.fetch = async (input, init) => {
    const target = String(input);
    if (!target.startsWith('/api/v1/')) return real(input, init);
    asked.push(target);
    if (scene === 'silent') throw new TypeError('Failed to fetch');
    if (scene === null) return Response.json({ code: 'MH-GEN-006' }, { status: 503 });
    const body = special.get(target) ?? answerOf(scene, target);
    return Response.json(body ?? { code: 'MH-GEN-003' }, { status: body === undefined ? 404 : 200 });
  };
  onTestFinished(() => {
    globalThis.fetch = real;
  });
  return {
    asked,
    show: (next) => {
      scene = next;
    },
    answer: (path, body) => {
      special.set(path, body);
    },
  };
}
