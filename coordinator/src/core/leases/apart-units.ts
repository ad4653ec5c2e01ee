// Units that are leased apart from the others of their batch: begun by other hosts, or in need of the other build.
import type { Build } from '@manyhands/contract';
import { indexOfUnit } from '../../storage/sqlite/units.js';
import type { ActiveBatch } from '../ports/batch-directory.js';
import type { CoreStore } from '../ports/core-store.js';
import { mayBegin } from '../units/domain/kin.js';
import { lineageFor } from '../units/domain/lineage.js';
import type { Party } from '../units/domain/unit-state.js';
import type { UnitChanges } from '../units/unit-changes.js';

/** Hand-overs of eight hosts are several kilobytes: so many fit into the frame of a grant. */
const CHECKPOINTS_PER_GRANT_MAXIMUM = 4;

/** Units that one lease can cover: they run the same build, or one of them is continued from a checkpoint. */
export type Taking = { indexes: number[]; build: Build; lineage: number | null };
/** What a party may have: so many units, in so many leases. */
type ApartWish = {
  readonly batch: ActiveBatch;
  readonly units: number;
  readonly leases: number;
  readonly party: Party;
  /** Units that are not to be among them. */
  readonly avoided: ReadonlySet<number>;
};

/** Units to be continued from a checkpoint, one a lease, and units that need the build `all`, as one lease. */
export function takeApart(store: CoreStore, changes: UnitChanges, wish: ApartWish): Taking[] {
  const { hintsApart } = changes.context;
  const { batchRowId } = wish.batch;
  const { party } = wish;
  const end = changes.batch(batchRowId).fresh_index;
  let takings: Taking[] = [];
  let left: number | undefined;
  for (let from = hintsApart.firstIndex(batchRowId, party); from < end && takings.length === 0; ) {
    const found = store.units.apart(batchRowId, from, { ...party, limit: wish.units });
    const next = found.length < wish.units ? end : indexOfUnit(found.at(-1) ?? 0) + 1;
    const sorted = sort(store, changes, { ...wish, unitIds: found });
    takings = sorted.takings;
    left ??= sorted.left;
    from = next;
    hintsApart.raise(batchRowId, party, left ?? from);
  }
  return takings;
}

/** `left`: the first unit that the party may have, but which finds no room in this grant. */
function sort(
  store: CoreStore,
  changes: UnitChanges,
  { batch, leases, party, avoided, unitIds }: ApartWish & { unitIds: readonly number[] },
): { takings: Taking[]; left: number | undefined } {
  const takings: Taking[] = [];
  const all: number[] = [];
  let left: number | undefined;
  for (const unitId of unitIds) {
    const index = indexOfUnit(unitId);
    const entry = changes.entry(unitId);
    const lineage = lineageFor(entry.state, party);
    if (!lineage && !mayBegin(entry.state, party)) continue;
    if (avoided.has(unitId)) {
      left ??= index;
      continue;
    }
    const room = Math.min(leases - Number(all.length > 0), CHECKPOINTS_PER_GRANT_MAXIMUM);
    if (lineage && takings.length < room) {
      const last = entry.segments.findLast((segment) => segment.lineage === lineage.id);
      const build = store.leases.byRowId(last?.lease ?? 0)?.build ?? batch.firstBuild;
      takings.push({ indexes: [index], build, lineage: lineage.id });
    } else if (!lineage && takings.length < leases) all.push(index);
    else left ??= index;
  }
  if (all.length > 0) takings.push({ indexes: all, build: 'all', lineage: null });
  return { takings, left };
}
