// Tells calls that can wait to come later while the event loop is late, so that pages and the work of scientists go on.
import { ManyhandsError } from '@manyhands/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Admission } from '../admission/admission.js';
import type { CallKind } from '../admission/domain/call-kinds.js';
import type { KnownCallers } from '../auth/known-callers.js';
import { sendError } from './errors.filter.js';

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Routes whose raw bytes workers send. */
const WORKERS: ReadonlySet<string> = new Set(['host', 'checkpoint', 'part']);

/** Answers MH-WIR-004, with a time, before anything of a body is read. */
export function registerHoldBack(fastify: FastifyInstance, admission: Admission, known: KnownCallers): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const retryAfterMs = admission.holdBack(request.caller, () => kindOf(request, known));
    if (retryAfterMs === 0) return done();
    sendError(reply, new ManyhandsError('MH-WIR-004', { meta: { retryAfterMs } }));
  });
}

function kindOf(request: FastifyRequest, known: KnownCallers): CallKind {
  if (READS.has(request.method)) return 'read';
  if (WORKERS.has(request.routeOptions.config.bodySender ?? '')) return 'upload';
  return known.has(request) ? 'trusted' : 'write';
}
