// Pages of lists that are arrays: the next one is named in a header, so that the array is what it always was.
import { linkToNext } from '@manyhands/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** One page; `next`: the `after` of the next one, null when there is none. */
export type Page<T> = { readonly rows: T[]; readonly next: string | null };

/** The rows of a page, with the header that names the next one. */
export function sendPage<T>(
  { rows, next }: Page<T>,
  { request, reply, limit }: { request: FastifyRequest; reply: FastifyReply; limit: number },
): T[] {
  const [path = ''] = request.originalUrl.split('?');
  if (next !== null) reply.header('link', linkToNext(path, { after: next, limit: String(limit) }));
  return rows;
}
