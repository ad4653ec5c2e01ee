// Which batches a host may get units of, in which order, and how many of their units are still to be done.
import type { MessageOf } from '@manyhands/contract';
import type { ActiveBatch } from '../ports/batch-directory.js';
import type { UnitChanges } from '../units/unit-changes.js';
import { type BatchFinding, type HostOffer, type Match, matchBatch } from './domain/matching.js';

type Asker = { readonly request: MessageOf<'lease.request'> };
/** Suitable batches by project, the best of each project first. */
export type Candidates = Map<number, ActiveBatch[]>;
/** What was seen of each batch. */
export type Findings = (Omit<BatchFinding, 'isWantedByOthers'> & { readonly batch: ActiveBatch })[];

export function candidatesFor(
  changes: UnitChanges,
  asker: Asker,
  batches: readonly ActiveBatch[],
): { candidates: Candidates; findings: Findings } {
  const cached = new Set<string>(asker.request.cachedManifests);
  const findings = findingsFor(changes, asker, batches);
  const candidates: Candidates = new Map();
  for (const { batch } of findings.filter(isSuiting)) {
    const others = candidates.get(batch.projectRowId);
    if (others) others.push(batch);
    else candidates.set(batch.projectRowId, [batch]);
  }
  for (const list of candidates.values()) list.sort((left, right) => compare(left, right, cached));
  return { candidates, findings };
}

/** Those that the host could get units of. */
export function suitingBatches(changes: UnitChanges, asker: Asker, batches: readonly ActiveBatch[]): ActiveBatch[] {
  return findingsFor(changes, asker, batches)
    .filter(isSuiting)
    .map(({ batch }) => batch);
}

/** Units of the projects that the host chose. */
export function openUnitCountFor(changes: UnitChanges, asker: Asker, batches: readonly ActiveBatch[]): number {
  const chosen = findingsFor(changes, asker, batches).filter(({ match }) => match !== 'not-chosen');
  return chosen.reduce((sum, { openUnits }) => sum + openUnits, 0);
}

function findingsFor(changes: UnitChanges, { request }: Asker, batches: readonly ActiveBatch[]): Findings {
  const { memoryBytes, availableMs, projectIds } = request;
  const offer: HostOffer = { memoryBytes, availableMs, projectIds: projectIds && new Set<string>(projectIds) };
  return batches.map((batch) => ({ batch, match: matchBatch(batch, offer), openUnits: openUnitsOf(changes, batch) }));
}

function isSuiting({ match, openUnits }: { match: Match; openUnits: number }): boolean {
  return match === 'suits' && openUnits > 0;
}

/** Units that hosts may still be needed for: those held wait for their owner. */
export function openUnitsOf(changes: UnitChanges, { batchRowId }: ActiveBatch): number {
  const { unit_count, accepted, failed, held, ended_code } = changes.batch(batchRowId);
  return ended_code === null ? unit_count - accepted - failed - held : 0;
}

function compare(left: ActiveBatch, right: ActiveBatch, cached: ReadonlySet<string>): number {
  const byCache = Number(cached.has(right.manifestCid)) - Number(cached.has(left.manifestCid));
  return right.priority - left.priority || byCache || left.batchRowId - right.batchRowId;
}

/** The best batch of its project has nothing more. */
export function dropBatch(candidates: Candidates, { projectRowId }: ActiveBatch): void {
  const rest = (candidates.get(projectRowId) ?? []).slice(1);
  if (rest.length > 0) candidates.set(projectRowId, rest);
  else candidates.delete(projectRowId);
}
