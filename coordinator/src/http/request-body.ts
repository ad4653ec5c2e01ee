// Reads request bodies with a bound per route and one for all together, and keeps the bytes that a signature covers.
import { ManyhandsError } from '@manyhands/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Bodies of JSON: a manifest root with its pages' identifiers and envelopes as base64url. */
const JSON_BODY_MAXIMUM_BYTES = 4 * 1024 * 1024;
/** Bodies that are being received at one time, all together: what a flood may cost in memory. */
const PENDING_BODIES_MAXIMUM_BYTES = 256 * 1024 * 1024;

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as received; empty when there was none. */
    rawBody?: Uint8Array;
  }
  interface FastifyContextConfig {
    /** Bound of this route's raw body in bytes; set with `@RouteConfig`. */
    bodyMaximumBytes?: number;
  }
}

/** Registers the two content types that exist here: JSON and raw bytes. */
export function registerBodyParsers(fastify: FastifyInstance): void {
  let pendingBytes = 0;
  const receive = async (request: FastifyRequest, maximumBytes: number, payload: AsyncIterable<Buffer>) => {
    assertLength(request, maximumBytes);
    const parts: Buffer[] = [];
    let sizeBytes = 0;
    try {
      for await (const part of payload) {
        sizeBytes += part.length;
        pendingBytes += part.length;
        if (sizeBytes > maximumBytes) throw tooLarge(maximumBytes);
        if (pendingBytes > PENDING_BODIES_MAXIMUM_BYTES) throw new ManyhandsError('MH-WIR-004');
        parts.push(part);
      }
    } finally {
      pendingBytes -= sizeBytes;
    }
    const [only] = parts;
    request.rawBody = only && parts.length === 1 ? only : Buffer.concat(parts);
    return request.rawBody;
  };
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', async (request: FastifyRequest, payload: AsyncIterable<Buffer>) =>
    parseJson(await receive(request, JSON_BODY_MAXIMUM_BYTES, payload)),
  );
  fastify.addContentTypeParser(
    'application/octet-stream',
    async (request: FastifyRequest, payload: AsyncIterable<Buffer>) => {
      if (!request.headers.authorization) throw new ManyhandsError('MH-SIG-008'); // nobody's bytes are not even received
      return receive(request, request.routeOptions.config.bodyMaximumBytes ?? 0, payload);
    },
  );
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
