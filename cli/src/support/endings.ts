// How a run on this computer ended, in the fields that commands show.
import type { Trial } from '@manyhands/sdk';

type Outcome = Trial['outcome'];

/** Metered work as far as it is known; 0 for a run that this computer broke off. */
export function fuelOf(outcome: Outcome): number {
  return outcome.kind === 'host-failure' ? 0 : outcome.fuel;
}

export function exitCodeOf(outcome: Outcome): number | null {
  return outcome.kind === 'success' || outcome.kind === 'unit-failure' ? outcome.exitCode : null;
}

/** Why there is no result; a hyphen when there is one. */
export function reasonWords(outcome: Outcome): string {
  if (outcome.kind === 'success') return '-';
  return `${outcome.message} ${outcome.code}`;
}
