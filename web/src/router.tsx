// The pages and their addresses. Each page is a chunk of its own.
import { createRootRoute, createRoute, createRouter, type RouterHistory } from '@tanstack/react-router';
import { NotFound } from './shell/not-found.js';
import { PageFault } from './shell/page-fault.js';
import { createPart } from './shell/part.js';
import { PartLoading } from './shell/part-states.js';
import { Shell } from './shell/shell.js';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: PageFault });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: createPart(async () => (await import('./home/page.js')).HomePage),
});

type ProjectSearch = { readonly batch?: string };
const project = createRoute({
  getParentRoute: () => root,
  path: '/projects/$projectId',
  component: createPart(async () => (await import('./project/page.js')).ProjectPage),
  /** Anything else in the address is passed over. */
  validateSearch: (search: Record<string, unknown>): ProjectSearch =>
    typeof search.batch === 'string' ? { batch: search.batch } : {},
});

type LeaderboardSearch = { readonly kind?: 'hosts'; readonly period?: 'recent' };
const leaderboard = createRoute({
  getParentRoute: () => root,
  path: '/leaderboard',
  component: createPart(async () => (await import('./leaderboard/page.js')).LeaderboardPage),
  validateSearch: (search: Record<string, unknown>): LeaderboardSearch => ({
    ...(search.kind === 'hosts' ? { kind: 'hosts' } : {}),
    ...(search.period === 'recent' ? { period: 'recent' } : {}),
  }),
});

const network = createRoute({
  getParentRoute: () => root,
  path: '/network',
  component: createPart(async () => (await import('./network/page.js')).NetworkPage),
});

type JoinSearch = { readonly project?: string };
const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: createPart(async () => (await import('./join/page.js')).JoinPage),
  /** The name of a project goes into a command line: only what such names are made of. */
  validateSearch: ({ project: name }: Record<string, unknown>): JoinSearch =>
    typeof name === 'string' && /^[A-Za-z0-9][\w.-]{0,127}$/.test(name) ? { project: name } : {},
});

const routeTree = root.addChildren([home, project, leaderboard, network, join]);

/** The router of the pages; tests give it a history of their own. */
export function createPages(history?: RouterHistory) {
  return createRouter({
    routeTree,
    ...(history ? { history } : {}),
    scrollRestoration: true,
    defaultPreload: 'intent',
    defaultPendingComponent: PartLoading,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPages>;
  }
}
