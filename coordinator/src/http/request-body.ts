// Reads request bodies with a bound per route and one for all together, and keeps the bytes that a signature covers.
import type { Readable } from 'node:stream';
import { ManyhandsError } from '@manyhands/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Admission } from '../admission/admission.js';
import { Bodies, type Sender } from './bodies.js';

/** Bodies of JSON: a manifest root with its pages' identifiers and envelopes as base64url. */
const JSON_BODY_MAXIMUM_BYTES = 4 * 1024 * 1024;
/** Bodies of one kind that are being received at one time: what a flood may cost in memory. Uploads must not keep calls out. */
const PENDING_JSON_MAXIMUM_BYTES = 64 * 1024 * 1024;
const PENDING_UPLOADS_MAXIMUM_BYTES = 192 * 1024 * 1024;
/** Checkpoints that come in a single call at one time: they go to the disk. */
const CHECKPOINTS_MAXIMUM = 64;

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

export type BodyGate = {
  /** Before a raw body is read: how many bytes it may have. Throws when none are wanted. */
  maximumBytesOf(request: FastifyRequest): number;
  /** Before JSON is read: whether its sender has proved to be somebody who is known. */
  isKnown(request: FastifyRequest): boolean;
};

/** Registers the two content types that exist here: JSON and raw bytes. */
export function registerBodyParsers(fastify: FastifyInstance, gate: BodyGate, admission: Admission): void {
  const json = new Bodies({ maximumBytes: PENDING_JSON_MAXIMUM_BYTES });
  const uploads = new Bodies({ maximumBytes: PENDING_UPLOADS_MAXIMUM_BYTES });
  const checkpoints = new Bodies({ maximumCount: CHECKPOINTS_MAXIMUM });
  const senderOf = (request: FastifyRequest, isProven: boolean): Sender => ({
    address: request.caller,
    isProven: isProven || admission.callers.isExempt(request.caller),
    onAlive: () => admission.touch(request.raw),
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', async (request: FastifyRequest, payload: Readable) => {
    const isKnown = gate.isKnown(request);
    if (isKnown) admission.prove(request.raw);
    const parts = json.read(payload, senderOf(request, isKnown), KEPT);
    return parseJson(await keep(request, JSON_BODY_MAXIMUM_BYTES, parts));
  });
  fastify.addContentTypeParser('application/octet-stream', async (request: FastifyRequest, payload: Readable) => {
    if (!request.headers.authorization) throw new ManyhandsError('MH-SIG-008');
    const { bodyMaximumBytes = 0, bodySender } = request.routeOptions.config;
    assertLength(request, bodyMaximumBytes);
    const maximumBytes = gate.maximumBytesOf(request);
    assertLength(request, maximumBytes);
    admission.prove(request.raw);
    const sender = senderOf(request, true);
    // A checkpoint is too large for memory: its handler writes it to the disk as it comes.
    if (bodySender === 'checkpoint') return checkpoints.read(payload, sender, { isKept: false });
    return keep(request, maximumBytes, uploads.read(payload, sender, KEPT));
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (isBodyUnread(request)) reply.header('connection', 'close'); // nobody is going to read the rest
    done(null, payload);
  });
}

const KEPT = { isKept: true };

/** Reads a body into memory, within its bound. */
async function keep(
  request: FastifyRequest,
  maximumBytes: number,
  payload: AsyncIterable<Buffer>,
): Promise<Uint8Array> {
  assertLength(request, maximumBytes);
  const parts: Buffer[] = [];
  let heldBytes = 0;
  for await (const part of payload) {
    heldBytes += part.length;
    if (heldBytes > maximumBytes) throw tooLarge(maximumBytes);
    parts.push(part);
  }
  const [only] = parts;
  request.rawBody = only && parts.length === 1 ? only : Buffer.concat(parts);
  return request.rawBody;
}

function isBodyUnread({ raw, headers }: FastifyRequest): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return hasBody && !raw.complete;
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
