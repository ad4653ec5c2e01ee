// Who is served when: turns between peers, bounded queues, the seed's choice, rates of messages.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COPY_LIFE_MS,
  cancelUpload,
  chooseOffer,
  createSpread,
  createUploadQueue,
  endUpload,
  enqueueUpload,
  forgetPeer,
  MESSAGE_BOUNDS,
  type MessageBudget,
  noteServed,
  OFFER_LIFE_MS,
  QUEUED_PER_PEER_MAXIMUM,
  spendMessage,
  startUpload,
} from '../../src/index.js';
import { someCids } from './support/blocks.js';

const [first, second, third] = someCids(3) as [ReturnType<typeof someCids>[0], ...ReturnType<typeof someCids>] & {
  1: ReturnType<typeof someCids>[0];
  2: ReturnType<typeof someCids>[0];
};

describe('the upload queue', () => {
  it('lets peers take turns, whatever number of requests one has waiting', () => {
    const queue = createUploadQueue(1);
    for (let index = 0; index < 5; index++)
      enqueueUpload(queue, { key: `greedy ${index}`, peer: 'greedy', network: 'n', cid: first });
    enqueueUpload(queue, { key: 'modest', peer: 'modest', network: 'n', cid: first });
    const order: string[] = [];
    for (let upload = startUpload(queue); upload !== undefined; upload = startUpload(queue)) {
      order.push(upload.peer);
      endUpload(queue, upload.key);
    }
    expect(order).toEqual(['greedy', 'modest', 'greedy', 'greedy', 'greedy', 'greedy']);
  });

  it('never runs more than its slots and refuses what one peer has too much of', () => {
    const requests = fc.array(fc.record({ peer: fc.constantFrom('a', 'b', 'c'), isEnding: fc.boolean() }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 8 }), (list, slots) => {
        const queue = createUploadQueue(slots);
        list.forEach(({ peer, isEnding }, index) => {
          enqueueUpload(queue, { key: String(index), peer, network: peer, cid: first });
          startUpload(queue);
          const [running] = queue.running.keys();
          if (isEnding && running !== undefined) endUpload(queue, running);
          expect(queue.running.size).toBeLessThanOrEqual(slots);
          for (const waiting of queue.waiting.values())
            expect(waiting.length).toBeLessThanOrEqual(QUEUED_PER_PEER_MAXIMUM);
        });
      }),
    );
  });

  it('leaves slots for others when one peer holds its uploads for ever', () => {
    const queue = createUploadQueue(8);
    for (let index = 0; index < 8; index++)
      enqueueUpload(queue, { key: `stuck ${index}`, peer: 'stuck', network: 'n', cid: first });
    while (startUpload(queue) !== undefined);
    expect(queue.running.size).toBe(2);
    enqueueUpload(queue, { key: 'other', peer: 'other', network: 'n', cid: first });
    expect(startUpload(queue)?.peer).toBe('other');
  });

  it('leaves slots for other networks, whatever number of keys one has', () => {
    const queue = createUploadQueue(8);
    for (let index = 0; index < 20; index++)
      enqueueUpload(queue, { key: `stuck ${index}`, peer: `key ${index}`, network: 'of one', cid: first });
    while (startUpload(queue) !== undefined);
    expect(queue.running.size).toBe(6);
    enqueueUpload(queue, { key: 'other', peer: 'other', network: 'elsewhere', cid: first });
    expect(startUpload(queue)?.peer).toBe('other');
  });

  it('refuses a repeated key and forgets a cancelled request', () => {
    const queue = createUploadQueue(1);
    expect(enqueueUpload(queue, { key: '1', peer: 'a', network: 'n', cid: first })).toBe(true);
    expect(enqueueUpload(queue, { key: '1', peer: 'a', network: 'n', cid: second })).toBe(false);
    cancelUpload(queue, 'a', '1');
    expect(startUpload(queue)).toBeUndefined();
  });
});

describe("the seed's choice", () => {
  const large = { sizeOf: () => 1024 * 1024 };
  const claim = (peer: string, isInsisting = false) => ({ peer, cids: [first, second, third], count: 2, isInsisting });

  it('gives each large block to one peer first', () => {
    const spread = createSpread();
    expect(chooseOffer(spread, claim('a'), { ...large, now: 0 })).toEqual([first, second]);
    expect(chooseOffer(spread, claim('b'), { ...large, now: 1 })).toEqual([third]);
    expect(chooseOffer(spread, claim('c'), { ...large, now: 2 })).toEqual([]);
  });

  it('gives the least served to who insists', () => {
    const spread = createSpread();
    noteServed(spread, { cid: first, peer: 'a' }, 0);
    noteServed(spread, { cid: first, peer: 'b' }, 0);
    noteServed(spread, { cid: second, peer: 'a' }, 0);
    expect(chooseOffer(spread, claim('c', true), { ...large, now: 1 })).toEqual([third, second]);
  });

  it('gives small blocks to everyone', () => {
    const spread = createSpread();
    const small = { sizeOf: () => 1000, now: 0 };
    expect(chooseOffer(spread, claim('a'), small)).toEqual([first, second]);
    expect(chooseOffer(spread, claim('b'), small)).toHaveLength(2);
  });

  it('offers nothing that it does not have, even to who insists', () => {
    const sizeOf = (cid: string) => (cid === second ? 5 : undefined);
    expect(chooseOffer(createSpread(), claim('a', true), { sizeOf, now: 0 })).toEqual([second]);
  });

  it('counts an offer that was not fetched for ten seconds only, a served copy until its peer leaves', () => {
    const spread = createSpread();
    chooseOffer(spread, claim('a'), { ...large, now: 0 });
    noteServed(spread, { cid: first, peer: 'a' }, 100);
    const later = { ...large, now: OFFER_LIFE_MS + 1 };
    expect(chooseOffer(spread, { ...claim('b'), cids: [first, second] }, later)).toEqual([second]);
    forgetPeer(spread, 'a');
    expect(chooseOffer(spread, { ...claim('c'), cids: [first] }, later)).toEqual([first]);
  });

  it('forgets served copies in the end', () => {
    const spread = createSpread();
    noteServed(spread, { cid: first, peer: 'a' }, 0);
    const claimed = { ...claim('b'), cids: [first] };
    expect(chooseOffer(spread, claimed, { ...large, now: COPY_LIFE_MS - 1 })).toEqual([]);
    expect(chooseOffer(spread, claimed, { ...large, now: COPY_LIFE_MS + 1 })).toEqual([first]);
  });
});

describe('the message budget', () => {
  it('allows a burst, then the rate, and no more', () => {
    const budget: MessageBudget = new Map();
    const { burst, perSecond } = MESSAGE_BOUNDS.want;
    const spend = (count: number, now: number) =>
      Array.from({ length: count }, () => spendMessage(budget, 'want', now)).filter(Boolean).length;
    expect(spend(burst + 10, 0)).toBe(burst);
    expect(spend(perSecond * 2, 1000)).toBe(perSecond);
    expect(spend(burst * 2, 1_000_000)).toBe(burst);
  });

  it('counts each kind for itself', () => {
    const budget: MessageBudget = new Map();
    while (spendMessage(budget, 'want', 0));
    expect(spendMessage(budget, 'get', 0)).toBe(true);
  });
});
