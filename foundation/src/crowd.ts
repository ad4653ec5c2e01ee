// Those who hold places, by the networks that they come from, each in the order in which they last gave a sign of life.
import type { Networks } from './networks.js';
import { Tally } from './tally.js';

export type Member = { networks: Networks; units: number };

export class Crowd<M extends Member> {
  private readonly members = new Set<M>();
  private readonly shares = new Tally();
  private readonly partsOf = new Map<string, Tally>();
  private readonly membersOf = new Map<string, Set<M>>();
  private heldUnits = 0;

  get units(): number {
    return this.heldUnits;
  }

  get count(): number {
    return this.members.size;
  }

  has(member: M): boolean {
    return this.members.has(member);
  }

  add(member: M): void {
    this.members.add(member);
    const { part } = member.networks;
    const others = this.membersOf.get(part);
    if (others) others.add(member);
    else this.membersOf.set(part, new Set([member]));
    this.weigh(member, member.units);
  }

  remove(member: M): void {
    if (!this.members.delete(member)) return;
    const { part } = member.networks;
    const others = this.membersOf.get(part);
    others?.delete(member);
    if (others?.size === 0) this.membersOf.delete(part);
    this.weigh(member, -member.units);
  }

  grow(member: M, units: number): void {
    member.units += units;
    this.weigh(member, units);
  }

  /** It gave a sign of life. */
  touch(member: M): void {
    const others = this.membersOf.get(member.networks.part);
    if (others?.delete(member)) others.add(member);
  }

  /** The one without a sign of life for longest, in the part with most units of the network with most. */
  toGiveWay(): M | undefined {
    const share = this.shares.heaviest();
    const part = share === undefined ? undefined : this.partsOf.get(share)?.heaviest();
    for (const member of (part === undefined ? undefined : this.membersOf.get(part)) ?? []) return member;
    return undefined;
  }

  private weigh({ networks: { share, part } }: M, change: number): void {
    this.heldUnits += change;
    this.shares.add(share, change);
    const parts = this.partsOf.get(share) ?? new Tally();
    parts.add(part, change);
    if (this.shares.weightOf(share) > 0) this.partsOf.set(share, parts);
    else this.partsOf.delete(share);
  }
}
