// Places that are short: connections, handshakes, bodies. Whoever comes first cannot keep the others out.
//
//   open ──> unproven ── prove ──> proven
//               │                     │
//               └────── gave way ─────┴── close ──> over
//
// When there are too many, the network with most unproven places gives up the one that was idle longest. Who has proved a key never gives way to
// somebody who has not; to others who have, only where `provenGiveWay` says so, and only from the network that has most.
import { Crowd, type Member } from './crowd.js';
import { networksOf } from './networks.js';

export type PlacesOptions = {
  /** What all places may take together. Each begins with one unit, and most stay so. */
  readonly maximum: number;
  /** What the unproven ones among them may take; default: all. */
  readonly unprovenMaximum?: number;
  /** Whether proven ones make room for other proven ones. */
  readonly provenGiveWay?: boolean;
};
export type PlaceOptions = {
  readonly address: string;
  /** Called at most once, when others need the place; not after `close`. */
  readonly onLost: () => void;
};

/** The place of one holder. */
export interface Place {
  readonly isOpen: boolean;
  /** Its holder gave a sign of life. */
  touch(): void;
  /** Its holder comes from elsewhere: a proxy has told who it is. */
  moveTo(address: string): void;
  /** Its holder has proved a key. */
  prove(): void;
  /** Takes so much more. False: there is no room, and the place is over or, if it was proven, as it was. */
  grow(units: number): boolean;
  /** Gives it up. Idempotent. */
  close(): void;
}

type Held = Member & { readonly onLost: () => void };

export class Places {
  private readonly unproven = new Crowd<Held>();
  private readonly proven = new Crowd<Held>();

  constructor(private readonly options: PlacesOptions) {}

  /** Places that are taken. */
  get count(): number {
    return this.unproven.count + this.proven.count;
  }

  get units(): number {
    return this.unproven.units + this.proven.units;
  }

  /** Takes a place; undefined when there is none to be had: all others are proven. */
  open({ address, onLost }: PlaceOptions): Place | undefined {
    const held: Held = { networks: networksOf(address), units: 1, onLost };
    this.unproven.add(held);
    return this.makeRoom(held) ? this.placeOf(held) : undefined;
  }

  private placeOf(held: Held): Place {
    const { unproven, proven } = this;
    const crowdOf = (): Crowd<Held> | undefined => [unproven, proven].find((crowd) => crowd.has(held));
    return {
      get isOpen() {
        return crowdOf() !== undefined;
      },
      touch: () => crowdOf()?.touch(held),
      moveTo: (address) => {
        const networks = networksOf(address);
        const crowd = crowdOf();
        if (!crowd || networks.part === held.networks.part) return;
        crowd.remove(held);
        held.networks = networks;
        crowd.add(held);
      },
      prove: () => {
        if (!unproven.has(held)) return;
        unproven.remove(held);
        proven.add(held);
      },
      grow: (units) => this.grow(held, units),
      close: () => crowdOf()?.remove(held),
    };
  }

  private grow(held: Held, units: number): boolean {
    const crowd = [this.unproven, this.proven].find((each) => each.has(held));
    if (!crowd) return false;
    crowd.grow(held, units);
    if (this.makeRoom(held)) return true;
    if (this.proven.has(held)) this.proven.grow(held, -units);
    return false;
  }

  /** Takes places away until all fit. False when `asking` would be the one to go; an unproven one is gone then. */
  private makeRoom(asking: Held): boolean {
    while (this.isOver()) {
      const giving = this.toGiveWay(asking);
      if (giving === undefined) return false;
      if (giving !== asking) this.lose(giving);
      else {
        this.unproven.remove(asking);
        return false;
      }
    }
    return true;
  }

  private isOver(): boolean {
    const { maximum, unprovenMaximum = maximum } = this.options;
    return this.units > maximum || this.unproven.units > unprovenMaximum;
  }

  private toGiveWay(asking: Held): Held | undefined {
    const unproven = this.unproven.toGiveWay();
    if (unproven || !this.options.provenGiveWay) return unproven;
    const proven = this.proven.toGiveWay();
    return proven === asking ? undefined : proven;
  }

  private lose(held: Held): void {
    this.unproven.remove(held);
    this.proven.remove(held);
    held.onLost();
  }
}
