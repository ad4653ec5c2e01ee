// Encoding and decoding of frames. Bytes from the other side are `unknown` until they fit a definition; bad ones are values, not throws.
import type { z } from 'zod';
import { decodeDagCbor, encodeDagCbor } from '../encoding/dag-cbor.js';
import { shapeTrouble } from '../errors/shape-words.js';
import { bundleReleased, bundleWanted, custody, custodyReply } from './custody.js';
import type { Direction, MessageDefinition } from './definition.js';
import { handOver } from './hand-over.js';
import { challenge, hello, prove, refuse, welcome } from './handshake.js';
import { leaseCancel, leaseGrant, leaseLater, leaseRenew, leaseRenewed, leaseRequest, leaseReturn } from './leases.js';
import { overlayAnnounce, overlayFind, overlayPeers, transferReport } from './overlay.js';
import { receipts, receiptsAck } from './receipts.js';
import { ack, leave, wireError, work, workerState } from './session.js';

/** Every message of protocol version 1. Retired types stay here as comments. */
export const MESSAGES = {
  hello,
  challenge,
  prove,
  welcome,
  refuse,
  'lease.request': leaseRequest,
  'lease.grant': leaseGrant,
  'lease.later': leaseLater,
  'lease.renew': leaseRenew,
  'lease.renewed': leaseRenewed,
  'lease.return': leaseReturn,
  'lease.cancel': leaseCancel,
  receipts,
  'receipts.ack': receiptsAck,
  custody,
  'custody.reply': custodyReply,
  'bundle.wanted': bundleWanted,
  'bundle.released': bundleReleased,
  'hand.over': handOver,
  'overlay.announce': overlayAnnounce,
  'overlay.find': overlayFind,
  'overlay.peers': overlayPeers,
  'transfer.report': transferReport,
  state: workerState,
  leave,
  ack,
  error: wireError,
  work,
} as const;

type Messages = typeof MESSAGES;
export type MessageType = keyof Messages;
/** The value of one message, by its type. */
export type MessageOf<Type extends MessageType> = z.infer<Messages[Type]['schema']>;
type TypesTo<D extends Direction> = { [T in MessageType]: Messages[T]['direction'] extends D ? T : never }[MessageType];
export type MessageToCoordinator = { [T in TypesTo<'to-coordinator'>]: MessageOf<T> }[TypesTo<'to-coordinator'>];
export type MessageToWorker = { [T in TypesTo<'to-worker'>]: MessageOf<T> }[TypesTo<'to-worker'>];

export type DecodedMessage<M> =
  | { ok: true; message: M }
  | { ok: false; code: 'MH-WIR-001' | 'MH-GEN-011'; reason: string; id: number | null };

/** Encodes a message of ours. Throws RangeError when it exceeds its own bound (a fault of ours). */
export function encodeMessage(message: MessageToCoordinator | MessageToWorker): Uint8Array {
  const frame = encodeDagCbor(message);
  const { maximumBytes } = MESSAGES[message.t];
  if (frame.length > maximumBytes)
    throw new RangeError(`a ${message.t} of ${frame.length} bytes exceeds ${maximumBytes}`);
  return frame;
}

/** Reads a frame that came to the coordinator. */
export function decodeToCoordinator(frame: Uint8Array): DecodedMessage<MessageToCoordinator> {
  return decode(frame, 'to-coordinator') as DecodedMessage<MessageToCoordinator>;
}

/** Reads a frame that came to a worker. */
export function decodeToWorker(frame: Uint8Array): DecodedMessage<MessageToWorker> {
  return decode(frame, 'to-worker') as DecodedMessage<MessageToWorker>;
}

function decode(frame: Uint8Array, direction: Direction): DecodedMessage<unknown> {
  let value: unknown;
  try {
    value = decodeDagCbor(frame);
  } catch {
    return { ok: false, code: 'MH-WIR-001', reason: 'not DAG-CBOR', id: null };
  }
  const { t, id } = (typeof value === 'object' && value !== null ? value : {}) as { t?: unknown; id?: unknown };
  const requestId = typeof id === 'number' ? id : null;
  const definition: MessageDefinition | undefined =
    typeof t === 'string' && Object.hasOwn(MESSAGES, t) ? MESSAGES[t as MessageType] : undefined;
  if (definition?.direction !== direction)
    return { ok: false, code: 'MH-WIR-001', reason: `no message ${JSON.stringify(t)?.slice(0, 40)}`, id: requestId };
  if (frame.length > definition.maximumBytes)
    return {
      ok: false,
      code: 'MH-GEN-011',
      reason: `${String(t)} may have ${definition.maximumBytes} bytes`,
      id: requestId,
    };
  const message = definition.schema.safeParse(value);
  if (!message.success)
    return { ok: false, code: 'MH-WIR-001', reason: shapeTrouble(message.error).slice(0, 400), id: requestId };
  return { ok: true, message: message.data };
}
