// How often this node connects to one target, whatever it is told: many hosts may name the same victim.
import { networkOf, reachOf } from '@manyhands/contract';

const WINDOW_MS = 60_000;
/** Connections to one address and port within a minute; and to one address (a /64 of IPv6) at which the key was not found. */
export const DIALS_TO_ONE_TARGET_MAXIMUM = 8;
/** Connections to one address and port within a minute that did not find the key, or are not over yet. */
const VAIN_AT_PLACE_MAXIMUM = 2;

const LOOPBACK = 'loopback';

export type DialPlace = { readonly host: string; readonly port: number };
/** A connection that is made, or tried. Set `isFound` once the key was found there. */
export type DialAttempt = { readonly target: string; readonly place: string; readonly atMs: number; isFound: boolean };

export class DialBudget {
  private attempts: DialAttempt[] = [];

  /** `vainAtPlaceMaximum`: more for a place that no stranger named. */
  constructor(private readonly options = { vainAtPlaceMaximum: VAIN_AT_PLACE_MAXIMUM }) {}

  /** Notes a connection that is about to be made; undefined when it may not be made now. */
  begin({ host, port }: DialPlace, nowMs: number): DialAttempt | undefined {
    const firstOfMinute = this.attempts.findIndex(({ atMs }) => nowMs - atMs < WINDOW_MS);
    this.attempts = firstOfMinute < 0 ? [] : this.attempts.slice(firstOfMinute);
    const target = targetOf(host);
    const place = `${target === LOOPBACK ? target : host} ${port}`;
    const atPlace = this.attempts.filter((attempt) => attempt.place === place);
    const vainAtTarget = this.attempts.filter((attempt) => attempt.target === target && !attempt.isFound);
    if (atPlace.length >= DIALS_TO_ONE_TARGET_MAXIMUM || vainAtTarget.length >= DIALS_TO_ONE_TARGET_MAXIMUM)
      return undefined;
    if (atPlace.filter(({ isFound }) => !isFound).length >= this.options.vainAtPlaceMaximum) return undefined;
    const attempt = { target, place, atMs: nowMs, isFound: false };
    this.attempts.push(attempt);
    return attempt;
  }
}

/** All of loopback is one machine; names stand for themselves. */
function targetOf(host: string): string {
  return reachOf(host) === 'loopback' ? LOOPBACK : networkOf(host);
}
