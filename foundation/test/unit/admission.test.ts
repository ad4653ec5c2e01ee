// Who gives up a place when there are too many, told by a plain model beside the real thing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networksOf, type Place, Places } from '../../src/index.js';
import { Tally } from '../../src/tally.js';

describe('places', () => {
  const open = (places: Places, address: string, lost: string[] = [], name = address): Place | undefined =>
    places.open({ address, onLost: () => lost.push(name) });

  it('are given up by the network that holds most, the idlest first', () => {
    const places = new Places({ maximum: 4 });
    const lost: string[] = [];
    const [first] = ['1', '2', '3'].map((name) => open(places, '10.0.0.1', lost, name));
    open(places, '10.0.1.1', lost, 'other');
    first?.touch();
    open(places, '10.0.2.1', lost, 'newcomer');
    expect(lost).toEqual(['2']);
    open(places, '10.0.0.1', lost, 'one more');
    expect(lost).toEqual(['2', '3']);
    expect(places.count).toBe(4);
  });

  it('of those who have proved a key never go to one who has not', () => {
    const places = new Places({ maximum: 2 });
    const lost: string[] = [];
    for (const name of ['one', 'two']) open(places, '10.0.0.1', lost, name)?.prove();
    expect(open(places, '10.0.1.1', lost)).toBeUndefined();
    expect(lost).toEqual([]);
  });

  it('that are unproven are bounded by themselves', () => {
    const places = new Places({ maximum: 10, unprovenMaximum: 2 });
    const lost: string[] = [];
    for (const name of ['one', 'two', 'three']) open(places, '10.0.0.1', lost, name);
    expect(lost).toEqual(['one']);
  });

  it('that were given up in time are not lost later', () => {
    const places = new Places({ maximum: 1 });
    const lost: string[] = [];
    const place = open(places, '10.0.0.1', lost);
    place?.close();
    place?.close();
    open(places, '10.0.0.2', lost);
    expect(lost).toEqual([]);
    expect(place?.grow(1)).toBe(false);
  });

  it('belong to whom a proxy names', () => {
    const places = new Places({ maximum: 3 });
    const lost: string[] = [];
    const behind = ['10.1.0.1', '10.2.0.1', '10.2.0.1'].map((address) => {
      const place = open(places, '127.0.0.1', lost, address);
      place?.moveTo(address);
      return place;
    });
    behind[1]?.touch();
    open(places, '10.3.0.1', lost);
    expect(lost).toEqual(['10.2.0.1']);
    expect(behind[2]?.isOpen).toBe(false);
  });

  it('that grow make room, or have none', () => {
    const places = new Places({ maximum: 10, provenGiveWay: true });
    const lost: string[] = [];
    const stalled = open(places, '10.0.0.1', lost, 'stalled');
    expect(stalled?.grow(8)).toBe(true);
    const proven = open(places, '10.0.1.1', lost, 'proven');
    proven?.prove();
    expect(proven?.grow(5)).toBe(true);
    expect(lost).toEqual(['stalled']);
    const other = open(places, '10.0.2.1', lost, 'other');
    other?.prove();
    expect(other?.grow(3), 'less than the other has').toBe(true);
    expect(other?.grow(1), 'the larger one gives way').toBe(true);
    expect(lost).toEqual(['stalled', 'proven']);
    expect(other?.grow(10)).toBe(false);
    expect(other?.isOpen).toBe(true);
    expect(places.units).toBe(5);
  });

  it('are shared out as the model says, whatever happens', () => {
    const addresses = ['10.0.0.1', '10.0.0.2', '10.0.1.1', '10.0.2.1', '2001:db8::1', '2001:db8:0:1::1', '::1'];
    const step = fc.record({
      what: fc.constantFrom('open', 'open', 'open', 'prove', 'touch', 'close', 'grow', 'move'),
      address: fc.constantFrom(...addresses),
      at: fc.nat(1000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const model = new Model(8, 5);
        for (const each of steps) model.run(each);
      }),
    );
  });
});

type Step = { what: string; address: string; at: number };
type Holder = { address: string; units: number; isProven: boolean; order: number; place?: Place | undefined };

/** Looks through all holders at each step, where the real thing looks nothing through. */
class Model {
  private readonly places: Places;
  private readonly lost = new Set<Holder>();
  private holders: Holder[] = [];
  private clock = 0;

  constructor(
    private readonly maximum: number,
    private readonly unprovenMaximum: number,
  ) {
    this.places = new Places({ maximum, unprovenMaximum });
  }

  run({ what, address, at }: Step): void {
    const chosen = this.holders[at % Math.max(1, this.holders.length)];
    if (what === 'open') this.open(address);
    else if (chosen) this.change(what, chosen, address);
    const units = this.holders.reduce((sum, holder) => sum + holder.units, 0);
    expect(this.places.units).toBe(units);
    expect(this.places.count).toBe(this.holders.length);
    expect(units).toBeLessThanOrEqual(this.maximum);
    for (const holder of this.holders) expect(holder.place?.isOpen).toBe(true);
  }

  private open(address: string): void {
    const holder: Holder = { address, units: 1, isProven: false, order: this.clock++ };
    holder.place = this.places.open({ address, onLost: () => this.lost.add(holder) });
    this.holders.push(holder);
    this.expectRoomFor(holder, holder.place !== undefined);
  }

  private change(what: string, holder: Holder, address: string): void {
    if (what === 'prove') {
      holder.place?.prove();
      if (!holder.isProven) holder.order = this.clock++;
      holder.isProven = true;
    } else if (what === 'touch') {
      holder.place?.touch();
      holder.order = this.clock++;
    } else if (what === 'move') {
      holder.place?.moveTo(address);
      if (networksOf(address).part !== networksOf(holder.address).part) holder.order = this.clock++;
      holder.address = address;
    } else if (what === 'grow') {
      holder.units += 1;
      const isGrown = holder.place?.grow(1) ?? false;
      if (!this.expectRoomFor(holder, isGrown) && holder.isProven) {
        holder.units -= 1;
        this.holders.push(holder);
      }
    } else {
      holder.place?.close();
      this.holders = this.holders.filter((other) => other !== holder);
    }
  }

  /** Takes away whom the rule names, and compares; false when it was the one who asked. */
  private expectRoomFor(asking: Holder, isThere: boolean): boolean {
    for (;;) {
      const unproven = this.holders.filter(({ isProven }) => !isProven);
      if (unitsOf(this.holders) <= this.maximum && unitsOf(unproven) <= this.unprovenMaximum) break;
      const most = heaviestOf(unproven);
      const gone = unproven.length === 0 ? asking : this.goneOf(most, asking, isThere);
      this.holders = this.holders.filter((holder) => holder !== gone);
      if (gone !== asking) continue;
      expect(isThere).toBe(false);
      return false;
    }
    expect(isThere).toBe(true);
    return true;
  }

  /** Of networks that weigh the same either may be chosen: the one that was. */
  private goneOf(most: readonly Holder[], asking: Holder, isThere: boolean): Holder {
    const gone = most.find((holder) => this.lost.has(holder)) ?? most.find((holder) => !isThere && holder === asking);
    expect(gone, 'the idlest of the heaviest').toBeDefined();
    this.lost.delete(gone as Holder);
    return gone as Holder;
  }
}

const unitsOf = (holders: readonly Holder[]): number => holders.reduce((sum, { units }) => sum + units, 0);

/** The idlest of each of the heaviest parts of the heaviest shares. */
function heaviestOf(holders: readonly Holder[]): Holder[] {
  return heaviestGroups(holders, 'share')
    .flatMap((share) => heaviestGroups(share, 'part'))
    .map((part) => part.reduce((idlest, holder) => (holder.order < idlest.order ? holder : idlest)));
}

function heaviestGroups(holders: readonly Holder[], kind: 'share' | 'part'): Holder[][] {
  const groups = [...Map.groupBy(holders, ({ address }) => networksOf(address)[kind]).values()];
  const most = Math.max(...groups.map(unitsOf));
  return groups.filter((group) => unitsOf(group) === most);
}

describe('a tally', () => {
  it('knows its heaviest key whatever was added and taken away', () => {
    const change = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), by: fc.integer({ min: -5, max: 5 }) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const tally = new Tally();
        const weights = new Map<string, number>();
        for (const { key, by } of changes) {
          tally.add(key, by);
          weights.set(key, Math.max(0, (weights.get(key) ?? 0) + by));
          const most = Math.max(0, ...weights.values());
          const heaviest = tally.heaviest();
          expect(heaviest === undefined ? 0 : weights.get(heaviest)).toBe(most);
          expect(tally.weightOf(key)).toBe(weights.get(key));
        }
      }),
    );
  });
});
