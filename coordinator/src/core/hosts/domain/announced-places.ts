// What is made of the addresses that a host announced: which may be passed on to whom, and which the coordinator may look at itself.
import {
  networkOf,
  type OverlayPlace,
  overlayAddressAt,
  overlayPlaceOf,
  plainAddress,
  type Reach,
  reachOf,
} from '@manyhands/contract';

export type AnnouncedPlace = OverlayPlace & {
  /** As a multiaddress, in its one form. */
  readonly address: string;
  readonly reach: Reach;
  /** The host's own connection came from this address. */
  readonly isOwn: boolean;
  /** Whether the coordinator's own node may look who answers there: public ones, and others where host and coordinator share them. */
  readonly isInSight: boolean;
};

/** Places that somebody may be sent to at all, each once: the host's own first, otherwise in its order. `origin`: the address that its connection came from. */
export function placesOf(addresses: readonly string[], origin: string): AnnouncedPlace[] {
  const own = plainAddress(origin);
  const places = new Map<string, AnnouncedPlace>();
  for (const text of addresses) {
    const place = overlayPlaceOf(text);
    const reach = place ? reachOf(place.host) : 'special';
    if (!place || reach === 'special') continue;
    const address = overlayAddressAt(place);
    const isInSight = reach === 'public' || reach === reachOf(origin);
    places.set(address, { ...place, address, reach, isOwn: place.host === own, isInSight });
  }
  return [...places.values()].sort((one, other) => Number(other.isOwn) - Number(one.isOwn));
}

/**
 * Whether a place may be passed on. `isFound`: the host's key answered there. `from`, `to`: the addresses that the connections of the host and of
 * who asks came from. A public address must be the host's own, or found. Others are only for hosts with the same public address, save that
 * hosts which the coordinator itself sees at private addresses are in one network with it, and with one another.
 */
export function mayBePassedOn(
  { reach, isOwn }: AnnouncedPlace,
  { isFound, from, to }: { isFound: boolean; from: string; to: string },
): boolean {
  if (reach === 'public') return isOwn || isFound;
  if (networkOf(from) === networkOf(to)) return true;
  const isInside = reachOf(to) === 'private' || reachOf(to) === 'loopback';
  return reach === 'private' && (isOwn || isFound) && isInside;
}

/** Whom connections to a place would hit: one machine, or the /64 of one household. All of loopback is one machine. */
export function targetOf({ host, reach }: Pick<AnnouncedPlace, 'host' | 'reach'>): string {
  return reach === 'loopback' ? 'loopback' : networkOf(host);
}
