// Whether whoever made a call is still there: work for somebody who has left stops.
import type { ServerResponse } from 'node:http';
import { ManyhandsError } from '@manyhands/contract';
import type { FastifyReply } from 'fastify';

/** Aborts when the caller leaves before the answer; its reason is MH-GEN-004, which nobody reads. */
export function callerOf({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  const leave = (): void => gone.abort(new ManyhandsError('MH-GEN-004', { message: 'The caller has left.' }));
  if (isClosed(raw)) leave();
  else raw.once('close', leave);
  return gone.signal;
}

function isClosed(raw: ServerResponse): boolean {
  return raw.destroyed || raw.socket === null || raw.socket.destroyed;
}
