// From messages to frames: one byte of type, four bytes of body length (big-endian), the body.
import type { Cid } from '@manyhands/contract';
import { CID_CHARACTERS, MESSAGE_BOUNDS, type Message, type RefusalReason } from './messages.js';

export const HEADER_BYTES = 5;
/** Numbers of the reasons on the wire; never reused. */
export const REFUSAL_NUMBERS: Readonly<Record<RefusalReason, number>> = { missing: 1, busy: 2 };

/** Encodes a message of ours. Throws RangeError when it exceeds its own bounds (a fault of ours). */
export function encodeFrame(message: Message): Uint8Array {
  const { number, minimumBytes, maximumBytes } = MESSAGE_BOUNDS[message.type];
  const length = bodyLength(message);
  if (length < minimumBytes || length > maximumBytes)
    throw new RangeError(`a ${message.type} of ${length} bytes is not within ${minimumBytes}..${maximumBytes}`);
  const frame = new Uint8Array(HEADER_BYTES + length);
  frame[0] = number;
  new DataView(frame.buffer).setUint32(1, length);
  writeBody(message, frame.subarray(HEADER_BYTES));
  return frame;
}

function bodyLength(message: Message): number {
  switch (message.type) {
    case 'hello':
      return CID_CHARACTERS;
    case 'want':
    case 'have':
      return message.cids.length * CID_CHARACTERS;
    case 'get':
      return 4 + CID_CHARACTERS;
    case 'cancel':
      return 4;
    case 'claim':
      return 6 + message.cids.length * CID_CHARACTERS;
    case 'block':
      return 4 + message.bytes.length;
    case 'refuse':
      return 5;
    case 'offer':
      return 4 + message.cids.length * CID_CHARACTERS;
  }
}

function writeBody(message: Message, body: Uint8Array): void {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  if ('id' in message) view.setUint32(0, message.id);
  switch (message.type) {
    case 'hello':
      writeCids([message.swarm], body);
      return;
    case 'want':
    case 'have':
      writeCids(message.cids, body);
      return;
    case 'get':
      writeCids([message.cid], body.subarray(4));
      return;
    case 'claim':
      view.setUint8(4, message.isInsisting ? 1 : 0);
      view.setUint8(5, message.count);
      writeCids(message.cids, body.subarray(6));
      return;
    case 'offer':
      writeCids(message.cids, body.subarray(4));
      return;
    case 'block':
      body.set(message.bytes, 4);
      return;
    case 'refuse':
      view.setUint8(4, REFUSAL_NUMBERS[message.reason]);
      return;
    case 'cancel':
      return;
  }
}

function writeCids(cids: readonly Cid[], target: Uint8Array): void {
  let offset = 0;
  for (const cid of cids) for (let index = 0; index < CID_CHARACTERS; index++) target[offset++] = cid.charCodeAt(index);
}
