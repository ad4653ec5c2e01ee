// Reads request bodies with a bound per route and one for all together, and keeps the bytes that a signature covers.
import { isLoopback, ManyhandsError, networkOf } from '@manyhands/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { addressOf } from './caller.js';
import { BodyBudget } from './domain/body-budget.js';

/** Bodies of JSON: a manifest root with its pages' identifiers and envelopes as base64url. */
const JSON_BODY_MAXIMUM_BYTES = 4 * 1024 * 1024;
/** Bodies of one kind that are being received at one time: what a flood may cost in memory. Uploads must not keep calls out. */
const PENDING_JSON_MAXIMUM_BYTES = 64 * 1024 * 1024;
const PENDING_UPLOADS_MAXIMUM_BYTES = 192 * 1024 * 1024;
/** What one address may have of that; room for the largest body. */
const JSON_SHARE_BYTES = 16 * 1024 * 1024;
const UPLOADS_SHARE_BYTES = 96 * 1024 * 1024;

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as received; empty when there was none. */
    rawBody?: Uint8Array;
  }
  interface FastifyContextConfig {
    /** Bound of this route's raw body in bytes; set with `@RouteConfig`. */
    bodyMaximumBytes?: number;
    /** Whose raw bytes this route takes: checked by the gate before they are read. */
    bodySender?: 'host' | 'project' | 'checkpoint' | 'part';
  }
}

type Bounds = { maximumBytes: number; shareBytes: number; budget: BodyBudget };
/** Decides before a raw body is read how many bytes it may have; throws when none are wanted. */
export type BodyGate = { maximumBytesOf(request: FastifyRequest): number };

/** Registers the two content types that exist here: JSON and raw bytes. */
export function registerBodyParsers(fastify: FastifyInstance, gate: BodyGate): void {
  const json = {
    maximumBytes: JSON_BODY_MAXIMUM_BYTES,
    shareBytes: JSON_SHARE_BYTES,
    budget: new BodyBudget(PENDING_JSON_MAXIMUM_BYTES),
  };
  const uploads = { shareBytes: UPLOADS_SHARE_BYTES, budget: new BodyBudget(PENDING_UPLOADS_MAXIMUM_BYTES) };
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', async (request: FastifyRequest, payload: AsyncIterable<Buffer>) =>
    parseJson(await receive(request, payload, json)),
  );
  fastify.addContentTypeParser(
    'application/octet-stream',
    async (request: FastifyRequest, payload: AsyncIterable<Buffer>) => {
      if (!request.headers.authorization) throw new ManyhandsError('MH-SIG-008');
      const { bodyMaximumBytes = 0, bodySender } = request.routeOptions.config;
      assertLength(request, bodyMaximumBytes);
      if (bodySender === 'checkpoint') {
        assertLength(request, gate.maximumBytesOf(request));
        return payload; // too large for memory: the handler writes it to the disk as it comes
      }
      return receive(request, payload, { ...uploads, maximumBytes: gate.maximumBytesOf(request) });
    },
  );
}

/** Reads a body within its bounds. */
async function receive(request: FastifyRequest, payload: AsyncIterable<Buffer>, bounds: Bounds): Promise<Uint8Array> {
  const { maximumBytes, budget } = bounds;
  assertLength(request, maximumBytes);
  const caller = addressOf(request);
  const address = networkOf(caller);
  const shareBytes = isLoopback(caller) ? Number.POSITIVE_INFINITY : bounds.shareBytes;
  const parts: Buffer[] = [];
  let heldBytes = 0;
  try {
    for await (const part of payload) {
      if (heldBytes + part.length > maximumBytes) throw tooLarge(maximumBytes);
      if (!budget.hold(address, part.length, shareBytes)) throw new ManyhandsError('MH-WIR-004');
      heldBytes += part.length;
      parts.push(part);
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ECONNRESET') throw cause;
    throw new ManyhandsError('MH-GEN-004', { message: 'The call was cut off before its body was complete.', cause });
  } finally {
    budget.release(address, heldBytes);
  }
  const [only] = parts;
  request.rawBody = only && parts.length === 1 ? only : Buffer.concat(parts);
  return request.rawBody;
}

function assertLength(request: FastifyRequest, maximumBytes: number): void {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maximumBytes) throw tooLarge(maximumBytes);
}

function tooLarge(maximumBytes: number): ManyhandsError {
  return new ManyhandsError('MH-GEN-011', {
    message: `The body is larger than ${maximumBytes} bytes.`,
    meta: { maximumBytes },
  });
}

function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ManyhandsError('MH-GEN-002', { message: 'The body is not JSON in UTF-8.', cause });
  }
}
