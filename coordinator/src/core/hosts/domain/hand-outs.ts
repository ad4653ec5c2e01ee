// How often places are passed on at which nobody has found the host: so seldom that all who believe it together are no trouble to whoever is there.
import { networkOf } from '@manyhands/contract';
import { type AnnouncedPlace, targetOf } from './announced-places.js';
import { Recent } from './recent.js';

/** So many get one in a minute; a worker tries a place twice before it gives up. The coordinator looks itself when more ask. */
const IN_SIGHT_MAXIMUM = 2;
/** Behind one public address the coordinator cannot look; still no more than eight connections. */
const OUT_OF_SIGHT_MAXIMUM = 4;

export class HandOuts {
  private readonly recent = new Recent();

  /** Takes one; false when there were as many for that machine within a minute. The same again for the same asker is none. `from`, `host`: whose place it is. */
  take(
    place: AnnouncedPlace,
    { from, host, asker }: { from: string; host: number; asker: number },
    nowMs: number,
  ): boolean {
    // A private address names another machine behind each public one.
    const target = place.isInSight ? targetOf(place) : `${networkOf(from)} ${targetOf(place)}`;
    const name = `${asker} ${host} ${place.address}`;
    if (this.recent.has(target, name, nowMs)) return true;
    const maximum = place.isInSight ? IN_SIGHT_MAXIMUM : OUT_OF_SIGHT_MAXIMUM;
    if (this.recent.count(target, nowMs) >= maximum) return false;
    this.recent.note(target, name, nowMs);
    return true;
  }
}
