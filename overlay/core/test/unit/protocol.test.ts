// The codec: every message survives, however it is cut into chunks; every malformed frame is refused with a reason and nothing is read after it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, type Ask, encodeFrame, FrameDecoder, MESSAGE_BOUNDS, type Message } from '../../src/index.js';
import { someCids } from './support/blocks.js';

const cids = someCids(40);
const cidList = fc.subarray(cids, { minLength: 1 });
const id = fc.nat({ max: 0xffffffff });
const ask: fc.Arbitrary<Ask> = fc.oneof(
  fc.record({ type: fc.constant('hello' as const), swarm: fc.constantFrom(...cids) }),
  fc.record({ type: fc.constant('want' as const), cids: cidList }),
  fc.record({ type: fc.constant('get' as const), id, cid: fc.constantFrom(...cids) }),
  fc.record({ type: fc.constant('cancel' as const), id }),
  fc.record({
    type: fc.constant('claim' as const),
    id,
    isInsisting: fc.boolean(),
    count: fc.integer({ min: 1, max: 255 }),
    cids: cidList,
  }),
);
const answer: fc.Arbitrary<Answer> = fc.oneof(
  fc.record({ type: fc.constant('have' as const), cids: cidList }),
  fc.record({ type: fc.constant('block' as const), id, bytes: fc.uint8Array({ maxLength: 300 }) }),
  fc.record({ type: fc.constant('refuse' as const), id, reason: fc.constantFrom('missing' as const, 'busy' as const) }),
  fc.record({ type: fc.constant('offer' as const), id, cids: fc.subarray(cids) }),
);

function concat(parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function decodeAll(direction: 'ask' | 'answer', bytes: Uint8Array, chunkSizes: number[]) {
  const decoder = new FrameDecoder(direction);
  const decoded = [];
  let offset = 0;
  for (let index = 0; offset < bytes.length; index++) {
    const size = chunkSizes[index % chunkSizes.length] ?? 1;
    decoded.push(...decoder.push(bytes.subarray(offset, offset + size)));
    offset += size;
  }
  return decoded;
}

describe('the codec', () => {
  const chunkSizes = fc.array(fc.integer({ min: 1, max: 97 }), { minLength: 1, maxLength: 5 });

  it.each([
    ['ask', ask],
    ['answer', answer],
  ] as const)('gives every %s back, however the bytes are cut', (direction, message) => {
    fc.assert(
      fc.property(fc.array<Message>(message, { minLength: 1, maxLength: 6 }), chunkSizes, (messages, sizes) => {
        const decoded = decodeAll(direction, concat(messages.map(encodeFrame)), sizes);
        expect(decoded).toEqual(messages.map((expected) => ({ ok: true, message: expected })));
      }),
    );
  });

  it('survives any bytes at all, and reads nothing after a bad frame', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), chunkSizes, (bytes, sizes) => {
        const decoded = decodeAll('ask', bytes, sizes);
        const firstBad = decoded.findIndex(({ ok }) => !ok);
        if (firstBad >= 0) expect(firstBad).toBe(decoded.length - 1);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a malformed frame', () => {
  const frame = (number: number, length: number, body: Uint8Array = new Uint8Array(0)) => {
    const header = new Uint8Array(5);
    header[0] = number;
    new DataView(header.buffer).setUint32(1, length);
    return concat([header, body]);
  };
  const ones = (length: number) => new Uint8Array(length).fill(49);
  const validCid = new TextEncoder().encode(cids[0]);

  it.each([
    ['of an unknown type', frame(99, 4)],
    ['of the other direction', encodeFrame({ type: 'refuse', id: 1, reason: 'busy' })],
    ['that announces more than its bound', frame(MESSAGE_BOUNDS.want.number, 0xffffffff)],
    ['that is too short', frame(MESSAGE_BOUNDS.get.number, 3)],
    ['with a list that is not a multiple of a CID', frame(MESSAGE_BOUNDS.want.number, 60, ones(60))],
    ['with something else in place of a CID', frame(MESSAGE_BOUNDS.want.number, 59, ones(59))],
    ['with a claim for no block', frame(MESSAGE_BOUNDS.claim.number, 65, concat([new Uint8Array(6), validCid]))],
    ['with a claim of unknown flags', frame(5, 65, concat([Uint8Array.of(0, 0, 0, 1, 2, 1), validCid]))],
  ])('%s is refused with a reason', (_, bytes) => {
    const decoded = [...new FrameDecoder('ask').push(bytes)];
    expect(decoded).toEqual([{ ok: false, reason: expect.any(String) }]);
  });

  it('of a block over 1 MiB is refused by its header alone', () => {
    const decoded = [...new FrameDecoder('answer').push(frame(MESSAGE_BOUNDS.block.number, 4 + 1024 * 1024 + 1))];
    expect(decoded).toMatchObject([{ ok: false }]);
  });

  it('with an unknown reason is refused', () => {
    const decoded = [
      ...new FrameDecoder('answer').push(frame(MESSAGE_BOUNDS.refuse.number, 5, Uint8Array.of(0, 0, 0, 1, 77))),
    ];
    expect(decoded).toMatchObject([{ ok: false }]);
  });

  it('cannot be made by our own encoder', () => {
    expect(() => encodeFrame({ type: 'want', cids: [] })).toThrow(RangeError);
    expect(() => encodeFrame({ type: 'block', id: 1, bytes: new Uint8Array(1024 * 1024 + 1) })).toThrow(RangeError);
  });
});
