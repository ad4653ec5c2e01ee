// The pages and their addresses. Each page is a chunk of its own.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from '@tanstack/react-router';
import { NotFound } from './shell/not-found.js';
import { PageFault } from './shell/page-fault.js';
import { Shell } from './shell/shell.js';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: PageFault });

type ProjectSearch = { readonly batch?: string };
/** Anything else in the address is passed over. */
function projectSearch(search: Record<string, unknown>): ProjectSearch {
  return typeof search.batch === 'string' ? { batch: search.batch } : {};
}

const projectPage = lazyRouteComponent(() => import('./project/page.js'), 'ProjectPage');
const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: projectPage,
  validateSearch: projectSearch,
});
const project = createRoute({
  getParentRoute: () => root,
  path: '/projects/$projectId',
  component: projectPage,
  validateSearch: projectSearch,
});

type LeaderboardSearch = { readonly kind?: 'hosts'; readonly period?: 'recent' };
const leaderboard = createRoute({
  getParentRoute: () => root,
  path: '/leaderboard',
  component: lazyRouteComponent(() => import('./leaderboard/page.js'), 'LeaderboardPage'),
  validateSearch: (search: Record<string, unknown>): LeaderboardSearch => ({
    ...(search.kind === 'hosts' ? { kind: 'hosts' } : {}),
    ...(search.period === 'recent' ? { period: 'recent' } : {}),
  }),
});

const network = createRoute({
  getParentRoute: () => root,
  path: '/network',
  component: lazyRouteComponent(() => import('./network/page.js'), 'NetworkPage'),
});

const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: lazyRouteComponent(() => import('./join/page.js'), 'JoinPage'),
});

const routeTree = root.addChildren([home, project, leaderboard, network, join]);

/** The router of the pages; tests give it a history of their own. */
export function createPages(history?: RouterHistory) {
  return createRouter({
    routeTree,
    ...(history ? { history } : {}),
    scrollRestoration: true,
    defaultPreload: 'intent',
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createPages>;
  }
}
