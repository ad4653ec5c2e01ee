// Lists that come in pages. Where the answer is an array, the header Link names the next page (RFC 8288), so that the array stays what it was before there
// were pages; where it is an object, its `next` is the `after` of the next page.
import { z } from 'zod';

const PAGE_ROWS_MAXIMUM = 500;

/** GET of a list that is an array: `after` is the identifier of the last row of the page before. A page may have fewer rows than `limit`. */
export const pageQuerySchema = z.object({
  after: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_ROWS_MAXIMUM).default(PAGE_ROWS_MAXIMUM),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

/** The header Link of a page that has a next one. `path`: of the call, from `/api` on. */
export function linkToNext(path: string, query: Readonly<Record<string, string>>): string {
  return `<${path}?${new URLSearchParams(query)}>; rel="next"`;
}

/** The path of the next page, from `/api` on, in a header Link; null when there is none. */
export function nextOf(link: string | null): string | null {
  return /^<(\/api\/v1\/[^>\s]*)>; rel="next"$/.exec(link ?? '')?.[1] ?? null;
}
