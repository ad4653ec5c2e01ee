// From bytes to messages. What a peer sends is untrusted: a bad frame is a value with a reason, and ends its stream.
import { type Cid, cidSchema } from '@manyhands/contract';
import { HEADER_BYTES, REFUSAL_NUMBERS } from './encode.js';
import { type Answer, type Ask, CID_CHARACTERS, MESSAGE_BOUNDS, type Message, type RefusalReason } from './messages.js';

export type Decoded<M> = { ok: true; message: M } | { ok: false; reason: string };
type Type = Message['type'];

const TYPES = new Map<number, Type>(
  (Object.keys(MESSAGE_BOUNDS) as Type[]).map((type) => [MESSAGE_BOUNDS[type].number, type]),
);
const REASONS = new Map<number, RefusalReason>(
  (Object.keys(REFUSAL_NUMBERS) as RefusalReason[]).map((reason) => [REFUSAL_NUMBERS[reason], reason]),
);

/** Reads the frames of one direction out of a stream of chunks. After a bad frame it takes nothing more. */
export class FrameDecoder<Direction extends 'ask' | 'answer'> {
  private readonly direction: Direction;
  private readonly header = new Uint8Array(HEADER_BYTES);
  private headerBytes = 0;
  private current: { type: Type; body: Uint8Array; filled: number } | undefined;
  private isBroken = false;

  constructor(direction: Direction) {
    this.direction = direction;
  }

  /** Takes the next chunk and yields the messages that it completes. A body is allocated only after its length was checked. */
  *push(chunk: Uint8Array): Generator<Decoded<Direction extends 'ask' ? Ask : Answer>> {
    let offset = 0;
    while (!this.isBroken && (offset < chunk.length || this.isComplete())) {
      const problem = this.current === undefined ? this.takeHeader(chunk, offset) : undefined;
      if (this.current === undefined && typeof problem !== 'number') {
        this.isBroken = problem !== undefined;
        if (problem !== undefined) yield { ok: false, reason: problem };
        return;
      }
      if (typeof problem === 'number') offset = problem;
      offset = this.takeBody(chunk, offset);
      if (!this.isComplete()) return;
      const decoded = this.finish();
      this.isBroken = !decoded.ok;
      yield decoded as Decoded<Direction extends 'ask' ? Ask : Answer>;
    }
  }

  private isComplete(): boolean {
    return this.current !== undefined && this.current.filled === this.current.body.length;
  }

  /** The offset after the header, a reason against it, or undefined when it is not complete yet. */
  private takeHeader(chunk: Uint8Array, offset: number): number | string | undefined {
    const part = chunk.subarray(offset, offset + HEADER_BYTES - this.headerBytes);
    this.header.set(part, this.headerBytes);
    this.headerBytes += part.length;
    if (this.headerBytes < HEADER_BYTES) return undefined;
    this.headerBytes = 0;
    const type = TYPES.get(this.header[0] ?? 0);
    if (type === undefined || MESSAGE_BOUNDS[type].direction !== this.direction)
      return `no ${this.direction} has the number ${this.header[0]}`;
    const length = new DataView(this.header.buffer).getUint32(1);
    const { minimumBytes, maximumBytes } = MESSAGE_BOUNDS[type];
    if (length < minimumBytes || length > maximumBytes)
      return `a ${type} has ${minimumBytes} to ${maximumBytes} bytes, not ${length}`;
    this.current = { type, body: new Uint8Array(length), filled: 0 };
    return offset + part.length;
  }

  private takeBody(chunk: Uint8Array, offset: number): number {
    const frame = this.current;
    if (frame === undefined) return offset;
    const part = chunk.subarray(offset, offset + frame.body.length - frame.filled);
    frame.body.set(part, frame.filled);
    frame.filled += part.length;
    return offset + part.length;
  }

  private finish(): Decoded<Message> {
    const frame = this.current;
    this.current = undefined;
    return frame === undefined ? { ok: false, reason: 'no frame' } : readBody(frame.type, frame.body);
  }
}

function readBody(type: Type, body: Uint8Array): Decoded<Message> {
  const id = body.length >= 4 ? new DataView(body.buffer, body.byteOffset).getUint32(0) : 0;
  switch (type) {
    case 'hello':
      return withCids(body, ([swarm]) => ({ type, swarm: swarm as Cid }));
    case 'want':
    case 'have':
      return withCids(body, (cids) => ({ type, cids }));
    case 'get':
      return withCids(body.subarray(4), ([cid]) => ({ type, id, cid: cid as Cid }));
    case 'claim':
      return readClaim(id, body);
    case 'offer':
      return withCids(body.subarray(4), (cids) => ({ type, id, cids }));
    case 'block':
      return { ok: true, message: { type, id, bytes: body.subarray(4) } };
    case 'cancel':
      return { ok: true, message: { type, id } };
    case 'refuse': {
      const reason = REASONS.get(body[4] ?? 0);
      return reason === undefined
        ? { ok: false, reason: `no reason has the number ${body[4]}` }
        : { ok: true, message: { type, id, reason } };
    }
  }
}

function readClaim(id: number, body: Uint8Array): Decoded<Message> {
  const [flag = 255, count = 0] = body.subarray(4, 6);
  if (flag > 1 || count === 0)
    return { ok: false, reason: 'a claim asks for at least one block and is insisting or not' };
  return withCids(body.subarray(6), (cids) => ({ type: 'claim', id, isInsisting: flag === 1, count, cids }));
}

function withCids(bytes: Uint8Array, make: (cids: Cid[]) => Message): Decoded<Message> {
  if (bytes.length % CID_CHARACTERS !== 0) return { ok: false, reason: 'a list of CIDs has a wrong length' };
  const cids: Cid[] = [];
  for (let offset = 0; offset < bytes.length; offset += CID_CHARACTERS) {
    const cid = cidSchema.safeParse(String.fromCharCode(...bytes.subarray(offset, offset + CID_CHARACTERS)));
    if (!cid.success) return { ok: false, reason: 'not a CID' };
    cids.push(cid.data);
  }
  return { ok: true, message: make(cids) };
}
