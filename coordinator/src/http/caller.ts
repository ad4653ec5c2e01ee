// Who calls. A caller who has gone leaves a request without an address.
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The address of whoever calls; empty once the connection is gone. */
export function addressOf(request: FastifyRequest): string {
  return (request.ip as string | undefined) ?? ''; // typed as if it were always there
}

/** Whether nobody is there any more to be answered. Nothing more is done for such a request then. */
export function isAbandoned(request: FastifyRequest, reply: FastifyReply): boolean {
  if (!request.raw.socket.destroyed && addressOf(request) !== '') return false;
  reply.hijack();
  return true;
}
