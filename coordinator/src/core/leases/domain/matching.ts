// Whether a batch suits a host, and if there is nothing for it, the most useful reason why.

export type HostOffer = {
  readonly memoryBytes: number;
  readonly availableMs: number | null;
  /** Row ids or identifiers of the projects that the host chose; null: all. */
  readonly projectIds: ReadonlySet<string> | null;
};

export type BatchNeed = {
  readonly projectId: string;
  readonly memoryMaximumBytes: number;
  readonly expectedDurationMs: number;
};

export type Match = 'suits' | 'not-chosen' | 'memory' | 'time';

/** Whether units of the batch may go to the host. */
export function matchBatch(need: BatchNeed, offer: HostOffer): Match {
  if (offer.projectIds && !offer.projectIds.has(need.projectId)) return 'not-chosen';
  if (need.memoryMaximumBytes > offer.memoryBytes) return 'memory';
  if (offer.availableMs !== null && need.expectedDurationMs > offer.availableMs) return 'time';
  return 'suits';
}

/** What was seen of one batch while looking for work. */
export type BatchFinding = {
  readonly match: Match;
  readonly openUnits: number;
  /** Whether replicas may be leased to somebody, though not to this account. */
  readonly isWantedByOthers: boolean;
};

type LaterCode = 'MH-LTR-001' | 'MH-LTR-002' | 'MH-LTR-003' | 'MH-LTR-004';
export type Refusal = { readonly code: LaterCode; readonly openUnitCount: number };

/** Why there is nothing: what the volunteer can change comes first, then what others have to do, then that all is done or under way. */
export function refuse(findings: readonly BatchFinding[]): Refusal {
  const chosen = findings.filter(({ match, openUnits }) => match !== 'not-chosen' && openUnits > 0);
  const openUnitCount = chosen.reduce((sum, { openUnits }) => sum + openUnits, 0);
  const has = (wanted: Match): boolean => chosen.some(({ match }) => match === wanted);
  if (chosen.some(({ match, isWantedByOthers }) => match === 'suits' && isWantedByOthers))
    return { code: 'MH-LTR-002', openUnitCount };
  if (has('memory')) return { code: 'MH-LTR-003', openUnitCount };
  if (has('time')) return { code: 'MH-LTR-004', openUnitCount };
  return { code: 'MH-LTR-001', openUnitCount };
}
