// When the coordinator may look itself whether a host is where it says: it must not become the tool of who names the address of somebody else.
import { networksOf } from '@manyhands/foundation';
import { type AnnouncedPlace, targetOf } from './announced-places.js';
import { Recent } from './recent.js';

/** Looks under way, in all and for hosts of one network. */
const UNDER_WAY_MAXIMUM = 32;
const UNDER_WAY_PER_NETWORK_MAXIMUM = 8;
/** Looks within a minute at one machine that found nobody, or are not over: for hosts that come from there themselves, and for others. */
const VAIN_FOR_OWN_MAXIMUM = 3;
const VAIN_FOR_OTHERS_MAXIMUM = 1;
/** The same at one address and port. */
const VAIN_AT_PLACE_MAXIMUM = 1;

export type Look = { readonly hostRowId: number; readonly origin: string; readonly place: AnnouncedPlace };

export class DialBackBounds {
  private readonly byHost = new Recent();
  private readonly vain = new Recent();
  private readonly underWay = new Map<string, number>();
  private count = 0;

  /** Notes a look, if it may begin: one a host and minute. Every look that began is to be ended. */
  begin(look: Look, nowMs: number): boolean {
    const { hostRowId, origin } = look;
    const { share } = networksOf(origin);
    if (this.count >= UNDER_WAY_MAXIMUM || (this.underWay.get(share) ?? 0) >= UNDER_WAY_PER_NETWORK_MAXIMUM)
      return false;
    if (this.byHost.count(String(hostRowId), nowMs) > 0) return false;
    const keys = keysOf(look);
    if (keys.some(({ key, maximum }) => this.vain.count(key, nowMs) >= maximum)) return false;
    this.byHost.note(String(hostRowId), '', nowMs);
    for (const { key } of keys) this.vain.note(key, nameOf(look), nowMs);
    this.count += 1;
    this.underWay.set(share, (this.underWay.get(share) ?? 0) + 1);
    return true;
  }

  /** Who is found wanted to be looked for: that counts against nobody. */
  end(look: Look, isFound: boolean): void {
    this.count -= 1;
    const { share } = networksOf(look.origin);
    const left = (this.underWay.get(share) ?? 1) - 1;
    if (left > 0) this.underWay.set(share, left);
    else this.underWay.delete(share);
    if (isFound) for (const { key } of keysOf(look)) this.vain.forget(key, nameOf(look));
  }
}

function keysOf({ place }: Look): { key: string; maximum: number }[] {
  const target = targetOf(place);
  const atPlace = {
    key: `at ${place.reach === 'loopback' ? target : place.host} ${place.port}`,
    maximum: VAIN_AT_PLACE_MAXIMUM,
  };
  // Strangers who name a machine from elsewhere must not use up what its own hosts have.
  const ofTarget = place.isOwn
    ? { key: `own ${place.host}`, maximum: VAIN_FOR_OWN_MAXIMUM }
    : { key: `other ${target}`, maximum: VAIN_FOR_OTHERS_MAXIMUM };
  return [atPlace, ofTarget];
}

function nameOf({ hostRowId, place }: Look): string {
  return `${hostRowId} ${place.address}`;
}
