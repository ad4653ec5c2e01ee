// Fair share between projects: deficit round robin (Shreedhar and Varghese, 1996) over expected computing time, not over units.

/** Computing time that each project may spend in one round. */
const QUANTUM_MS = 60_000;
/** What a project may save up, so that one that few hosts suit does not take over later. */
const SAVED_MAXIMUM_MS = 60 * QUANTUM_MS;

export type FairShare = {
  /** Projects in the order of the ring, the next one first. */
  readonly ring: readonly number[];
  /** Milliseconds of expected computing that the project may still spend, by project. */
  readonly deficits: ReadonlyMap<number, number>;
};

export const EMPTY_SHARE: FairShare = { ring: [], deficits: new Map() };

/** Projects come and go. One without work loses what it saved: credit for time when it wanted nothing would starve the others later. */
export function withProjects(share: FairShare, projects: readonly number[]): FairShare {
  const present = new Set(projects);
  const stayed = share.ring.filter((project) => present.has(project));
  const known = new Set(stayed);
  const ring = [...stayed, ...projects.filter((project) => !known.has(project))];
  return { ring, deficits: new Map(ring.map((project) => [project, share.deficits.get(project) ?? 0])) };
}

/** The projects of `costsMs` in the order in which they are to be asked for work: the one that needs the fewest rounds to afford its lease first. */
export function rank(share: FairShare, costsMs: ReadonlyMap<number, number>): readonly number[] {
  const rounds = new Map([...costsMs].map(([project, costMs]) => [project, roundsUntil(share, project, costMs)]));
  const ring = share.ring.filter((project) => costsMs.has(project));
  return ring.sort((left, right) => (rounds.get(left) ?? 0) - (rounds.get(right) ?? 0)); // stable: ties keep the ring's order
}

function roundsUntil({ deficits }: FairShare, project: number, costMs: number): number {
  return Math.max(0, Math.ceil((costMs - (deficits.get(project) ?? 0)) / QUANTUM_MS));
}

export type Serving = {
  readonly project: number;
  readonly costMs: number;
  /** Projects that had work for this host; the others must not save up by being unsuitable. */
  readonly contenders: readonly number[];
};

/** After a lease: the rounds that passed are credited to all contenders, the served project pays and goes to the end of the ring. */
export function serve(share: FairShare, { project, costMs, contenders }: Serving): FairShare {
  const rounds = roundsUntil(share, project, costMs);
  const deficits = new Map(share.deficits);
  for (const contender of new Set([...contenders, project])) {
    const saved = (deficits.get(contender) ?? 0) + rounds * QUANTUM_MS;
    deficits.set(contender, contender === project ? saved - costMs : Math.min(saved, SAVED_MAXIMUM_MS));
  }
  return { ring: [...share.ring.filter((other) => other !== project), project], deficits };
}
