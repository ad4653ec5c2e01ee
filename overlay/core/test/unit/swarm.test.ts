// Properties of whole swarms: whatever peers do, everyone gets everything while the coordinator works, and little more than one copy leaves it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GIVE_UP_MS } from '../../src/index.js';
import { someCids } from './support/blocks.js';
import { type Manner, Swarm } from './support/swarm.js';

const manner = fc.constantFrom<Manner>('honest', 'stalls', 'garbage', 'liar', 'lossy', 'unreachable');
const seeds = fc.integer({ min: 1, max: 2 ** 30 });

describe('a swarm', () => {
  it('always completes while the seed or the gateway works, whatever its peers do', () => {
    const scenario = fc.record({
      seed: seeds,
      count: fc.integer({ min: 1, max: 24 }),
      manners: fc.array(manner, { minLength: 1, maxLength: 8 }),
      startsMs: fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 8, maxLength: 8 }),
      working: fc.constantFrom(
        { origin: 'up', gateway: 'up' } as const,
        { origin: 'up', gateway: 'down' } as const,
        { origin: 'down', gateway: 'up' } as const,
        { origin: 'garbage', gateway: 'up' } as const,
        { origin: 'stalls', gateway: 'up' } as const,
      ),
    });
    fc.assert(
      fc.property(scenario, ({ count, working, ...rest }) => {
        const swarm = new Swarm({ ...rest, ...working, blocks: someCids(count) });
        swarm.run(200_000);
        for (const { name, store, planner } of swarm.fetchers) {
          expect(store.size, `${name} has every block`).toBe(count);
          expect(planner.givenUp.size, `${name} gave nothing up`).toBe(0);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('gives up in bounded time when neither seed nor gateway nor any peer has the blocks', () => {
    const scenario = fc.record({
      seed: seeds,
      count: fc.integer({ min: 1, max: 40 }),
      gateway: fc.constantFrom('down', 'empty'),
    });
    fc.assert(
      fc.property(scenario, ({ count, seed, gateway }) => {
        const manners: Manner[] = ['honest', 'liar', 'unreachable'];
        const swarm = new Swarm({
          seed,
          manners,
          gateway: gateway as 'down' | 'empty',
          origin: 'down',
          blocks: someCids(count),
        });
        swarm.run(10 * GIVE_UP_MS);
        for (const { name, planner, finishedAtMs } of swarm.fetchers) {
          expect(planner.givenUp.size, `${name} gave everything up`).toBe(count);
          expect(finishedAtMs).toBeLessThan(2 * GIVE_UP_MS);
        }
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['quick', 20_000, 1.2],
    ['slow', 1_000, 1.5],
    ['very slow', 250, 2],
  ])(
    'of eight peers with %s uplinks that start within two seconds takes few copies from the coordinator',
    (_, uplinkBytesPerMs, copiesMaximum) => {
      const scenario = fc.record({
        seed: seeds,
        startsMs: fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 8, maxLength: 8 }),
      });
      fc.assert(
        fc.property(scenario, ({ seed, startsMs }) => {
          const manners = Array.from({ length: 8 }, (): Manner => 'honest');
          const links = { origin: 'up', gateway: 'up', uplinkBytesPerMs } as const;
          const swarm = new Swarm({ seed, startsMs, manners, ...links, blocks: someCids(32) });
          swarm.run(1_000_000);
          expect(swarm.fetchers.every(({ store }) => store.size === 32)).toBe(true);
          expect(swarm.originCopies()).toBeLessThanOrEqual(copiesMaximum);
          expect(swarm.waste()).toBeLessThanOrEqual(1.1);
        }),
        { numRuns: uplinkBytesPerMs > 1000 ? 10 : 4 },
      );
    },
  );

  it('asks no block twice when all goes well', () => {
    const blocks = someCids(64);
    const swarm = new Swarm({
      seed: 7,
      manners: ['honest', 'honest', 'honest', 'honest'],
      origin: 'up',
      gateway: 'up',
      blocks,
    });
    swarm.run(60_000);
    for (const { name, planner } of swarm.fetchers) expect(planner.requested.length, name).toBe(blocks.length);
  });

  it('does not make a lone host wait for peers that nobody can reach', () => {
    const manners: Manner[] = ['honest', 'unreachable', 'unreachable'];
    const startsMs = [5000, 0, 0]; // the others took every block before
    const swarm = new Swarm({ seed: 3, startsMs, manners, origin: 'up', gateway: 'up', blocks: someCids(16) });
    swarm.run(120_000);
    expect(swarm.fetchers[0]?.finishedAtMs).toBeLessThan(5000 + 20_000);
  });
});
