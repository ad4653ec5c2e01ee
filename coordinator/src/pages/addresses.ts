// The addresses of the pages, as the router of the pages has them, and which page an address asks for.

/** Patterns of the server's router. The router in the browser has the same ones, each of its own kind. */
export const PAGE_PATTERNS = {
  home: '/',
  project: '/projects/:projectId',
  leaderboard: '/leaderboard',
  network: '/network',
  join: '/join',
} as const;

export type PageName = keyof typeof PAGE_PATTERNS;

/** What tells one page from another; nothing else of an address does. */
export type PageAddress =
  | { readonly name: 'home' | 'network' | 'unknown' }
  /** `project`: the name of the only one to work for; null: all. */
  | { readonly name: 'join'; readonly project: string | null }
  | { readonly name: 'project'; readonly projectId: string; readonly batchId: string | null }
  | { readonly name: 'leaderboard'; readonly kind: 'accounts' | 'hosts'; readonly period: 'total' | 'recent' };

type Values = Readonly<Record<string, unknown>>;

/** Anything else in the query is passed over. */
export function addressOf(name: PageName, params: Values, query: Values): PageAddress {
  if (name === 'project') {
    const batchId = typeof query.batch === 'string' ? query.batch : null;
    return { name, projectId: String(params.projectId), batchId };
  }
  if (name === 'join') return { name, project: typeof query.project === 'string' ? query.project : null };
  if (name !== 'leaderboard') return { name };
  return {
    name,
    kind: query.kind === 'hosts' ? 'hosts' : 'accounts',
    period: query.period === 'recent' ? 'recent' : 'total',
  };
}

/** What was asked for without the slash at the end of its path. Whoever asks as of a proxy names a host, which is not led to. */
export function withoutLastSlash(url: string): string {
  return url.replace(/^https?:\/\/[^/?]*/i, '').replace(/\/(?=\?|$)/, '');
}

/** The one spelling of an address, for links, previews and search engines. */
export function pathOf(address: PageAddress): string {
  switch (address.name) {
    case 'home':
    case 'unknown':
      return '/';
    case 'project':
      return `/projects/${address.projectId}${address.batchId === null ? '' : `?batch=${address.batchId}`}`;
    case 'leaderboard': {
      const query = new URLSearchParams();
      if (address.kind === 'hosts') query.set('kind', 'hosts');
      if (address.period === 'recent') query.set('period', 'recent');
      return query.size === 0 ? '/leaderboard' : `/leaderboard?${query}`;
    }
    default:
      return PAGE_PATTERNS[address.name];
  }
}
