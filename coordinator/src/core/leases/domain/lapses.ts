// When a unit that only ever runs out is held: seen on computers that have nothing to do with each other and are otherwise well.

/** So many accounts must have let it run out, each in a network of its own: a person, a household or a sleeping laptop proves nothing. */
const HELD_AFTER_ACCOUNTS = 4;

/** A unit ran out on a host of this account. */
export type Lapse = {
  readonly account: number;
  /** What stands for the network of the host; empty when it is not known. */
  readonly network: string;
  /** Whether the host has handed in other work that it got with this unit or after it. */
  readonly isDelivering: boolean;
};

export function isToBeHeld(lapses: readonly Lapse[]): boolean {
  const networks = new Set(
    lapses.filter(({ isDelivering, network }) => isDelivering && network !== '').map(({ network }) => network),
  );
  const accounts = new Set(lapses.filter(({ isDelivering }) => isDelivering).map(({ account }) => account));
  return Math.min(accounts.size, networks.size) >= HELD_AFTER_ACCOUNTS;
}
