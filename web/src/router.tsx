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

/** Of an address only what is known is taken; `undefined` takes the place of anything else, which the router would pass on. */
type ProjectSearch = { readonly batch?: string | undefined };
const project = createRoute({
  getParentRoute: () => root,
  path: '/projects/$projectId',
  component: createPart(async () => (await import('./project/page.js')).ProjectPage),
  validateSearch: ({ batch }: Record<string, unknown>): ProjectSearch => ({
    batch: typeof batch === 'string' ? batch : undefined,
  }),
});

type LeaderboardSearch = { readonly kind?: 'hosts' | undefined; readonly period?: 'recent' | undefined };
const leaderboard = createRoute({
  getParentRoute: () => root,
  path: '/leaderboard',
  component: createPart(async () => (await import('./leaderboard/page.js')).LeaderboardPage),
  validateSearch: (search: Record<string, unknown>): LeaderboardSearch => ({
    kind: search.kind === 'hosts' ? 'hosts' : undefined,
    period: search.period === 'recent' ? 'recent' : undefined,
  }),
});

const network = createRoute({
  getParentRoute: () => root,
  path: '/network',
  component: createPart(async () => (await import('./network/page.js')).NetworkPage),
});

type JoinSearch = { readonly project?: string | undefined };
const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: createPart(async () => (await import('./join/page.js')).JoinPage),
  /** The name of a project goes into a command line: only what such names are made of. */
  validateSearch: ({ project: name }: Record<string, unknown>): JoinSearch => ({
    project: typeof name === 'string' && /^[A-Za-z0-9][\w.-]{0,127}$/.test(name) ? name : undefined,
  }),
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
