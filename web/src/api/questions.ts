// The public REST questions, one hook each.
import type { CoordinatorInfo, Leaderboard, Peers, Project, ProjectOverview, Stats } from '@manyhands/contract';
import { getJson } from './request.js';
import { type Polled, usePolled } from './use-polled.js';

/** Answers that change seldom. */
const SLOW_INTERVAL_MS = 15_000;

export function useCoordinator(): Polled<CoordinatorInfo> {
  return usePolled({
    key: ['coordinator'],
    read: (signal) => getJson<CoordinatorInfo>('/coordinator', signal),
    intervalMs: SLOW_INTERVAL_MS,
  });
}

export function useStats(): Polled<Stats> {
  return usePolled({ key: ['stats'], read: (signal) => getJson<Stats>('/stats', signal) });
}

export function useProjects(): Polled<Project[]> {
  return usePolled({
    key: ['projects'],
    read: (signal) => getJson<Project[]>('/projects', signal),
  });
}

export function useOverview(projectId: string | undefined): Polled<ProjectOverview> {
  return usePolled({
    key: ['overview', projectId],
    read: (signal) => getJson<ProjectOverview>(`/projects/${encodeURIComponent(projectId ?? '')}/overview`, signal),
    isEnabled: projectId !== undefined,
  });
}

export type RankingKind = Leaderboard['kind'];
export type RankingPeriod = Leaderboard['period'];

/** The address under /api/v1 of a ranking, also as CSV for a spreadsheet. */
export function rankingQuery(kind: RankingKind, period: RankingPeriod): string {
  return `kind=${kind}&period=${period}&limit=1000`;
}

export function useLeaderboard(kind: RankingKind, period: RankingPeriod): Polled<Leaderboard> {
  return usePolled({
    key: ['leaderboard', kind, period],
    read: (signal) => getJson<Leaderboard>(`/leaderboard?${rankingQuery(kind, period)}`, signal),
  });
}

export function usePeers(): Polled<Peers> {
  return usePolled({ key: ['peers'], read: (signal) => getJson<Peers>('/peers', signal) });
}
