// Answers that did not change since they were last sent to somebody are not sent again: a tag of what is in them, and 304 for who has it.
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const TAG_CHARACTERS = 22;

/** Tags the JSON answers of calls that only read, unless they say themselves how they may be reused. */
export function registerReuse(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (!isReusable(request, reply) || typeof payload !== 'string') return done(null, payload);
    const etag = tagOf(payload);
    reply.header('etag', etag);
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-cache');
    if (!isSame(request.headers['if-none-match'], etag)) return done(null, payload);
    reply.status(304).removeHeader('content-type');
    done(null, null);
  });
}

/** The tag of a text, as a header has it. */
export function tagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, TAG_CHARACTERS)}"`;
}

/** Whether the caller has what is tagged so. Proxies that compress make a strong tag a weak one. */
export function isSame(ifNoneMatch: string | undefined, etag: string): boolean {
  return ifNoneMatch?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) ?? false;
}

function isReusable({ method, url }: FastifyRequest, reply: FastifyReply): boolean {
  const isRead = method === 'GET' || method === 'HEAD';
  return isRead && reply.statusCode === 200 && !reply.hasHeader('etag') && /^\/api\/v1\/(?!operator\/)/.test(url);
}
