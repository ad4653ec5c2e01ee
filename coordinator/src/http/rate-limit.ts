// A bound on requests per network, so that one caller cannot take the coordinator from all others.
import { ManyhandsError } from '@manyhands/contract';
import { Turns } from '@manyhands/foundation';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Admission } from '../admission/admission.js';
import { sendError } from './errors.filter.js';
import { onceTakenIn } from './taken-in.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The address that the call comes from, also behind a trusted proxy; empty when its connection is gone. All that counts callers counts by it. */
    caller: string;
  }
}

/** Answers MH-GEN-012 when a network exceeds its rate; the calls of one network begin in turns. Health checks are free. */
export function registerRateLimit(fastify: FastifyInstance, admission: Admission): void {
  const turns = new Turns(onceTakenIn(fastify.server));
  fastify.decorateRequest('caller', '');
  fastify.addHook('onRequest', (request, reply, done) => {
    request.caller = admission.callers.of(request.raw);
    if (isAbandoned(request, reply)) return;
    if (request.url === '/healthz' || request.url === '/readyz') return done();
    turns.take(request.caller, () => {
      if (isAbandoned(request, reply)) return;
      const retryAfterMs = admission.call(request.caller);
      if (retryAfterMs === 0) return done();
      sendError(reply, new ManyhandsError('MH-GEN-012', { meta: { retryAfterMs } }));
    });
  });
}

/** Whether nobody is there any more to be answered: a caller who has gone leaves no address. Nothing more is done for such a call then. */
function isAbandoned(request: FastifyRequest, reply: FastifyReply): boolean {
  if (!request.raw.socket.destroyed && request.caller !== '') return false;
  reply.hijack();
  return true;
}
