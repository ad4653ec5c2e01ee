// Every address that anybody may read, as costly as it can be asked for.
import type { Names } from './answers-folder.js';

/** What the folder has of it, found by asking. */
export type Found = { readonly digest: string; readonly accountId: string };

/** Of lists, what asks for the most of them. */
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  '/api/v1/batches/{batchId}/outcomes': ['?stdout=1&limit=500', '?limit=500&after=50000'],
  '/api/v1/batches/{batchId}/units': [
    '?limit=500',
    ...['waiting', 'running', 'checking', 'accepted', 'failed', 'held'].map((state) => `?limit=500&state=${state}`),
  ],
  '/api/v1/leaderboard': ['accounts', 'hosts'].flatMap((kind) =>
    ['total', 'recent'].map((period) => `?kind=${kind}&period=${period}&limit=1000`),
  ),
  '/api/v1/leaderboard.csv': ['?kind=hosts&period=recent&limit=1000'],
  '/api/v1/questions': ['?limit=100'],
};
const PAGES = ['/', '/leaderboard', '/network', '/join', '/metrics', '/api/v1/openapi.json', '/nothing-here'];
/** They need a signature or the operator's token, or redirect. */
const NOT_PUBLIC = /^\/api\/v1\/(operator|leases|blocks)\//;

/** From the paths of the OpenAPI document that can be read. */
export function addressesOf(paths: readonly string[], names: Names, found: Found): string[] {
  const values: Readonly<Record<string, string>> = { ...names, ...found, index: '0', path: 'none' };
  const fill = (path: string): string => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? name);
  const calls = paths.filter((path) => !NOT_PUBLIC.test(path));
  const asked = calls.flatMap((path) => (QUERIES[path] ?? ['']).map((query) => fill(path) + query));
  return [...asked, ...PAGES, `/projects/${names.projectId}`, `/projects/${names.projectId}?batch=${names.batchId}`];
}
