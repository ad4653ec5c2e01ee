// The builds of a program as a list.
import type { Build } from '@manyhands/contract';
import type { BuiltApp } from '@manyhands/instrument';

/** The builds of a program by their names, the one that units start with first. */
export function buildsOf({ builds }: Pick<BuiltApp, 'builds'>): [Build, Uint8Array][] {
  if ('step' in builds) return [['step', builds.step]];
  return [
    ['nonleaf', builds.nonleaf],
    ['all', builds.all],
  ];
}
