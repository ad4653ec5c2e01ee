// The public REST questions, one hook each.
import type {
  Batch,
  BatchStory,
  CoordinatorInfo,
  Leaderboard,
  Peers,
  ProjectOverview,
  Questions,
  Stats,
} from '@manyhands/contract';
import { getJson } from './request.js';
import { ENDED_INTERVAL_MS, LIVE_INTERVAL_MS, SLOW_INTERVAL_MS } from './schedule.js';
import { type Polled, usePolled } from './use-polled.js';

/** Asked once: it does not change while the coordinator runs. */
export function useCoordinator(): Polled<CoordinatorInfo> {
  return usePolled({
    key: ['coordinator'],
    read: (signal) => getJson<CoordinatorInfo>('/coordinator', signal),
    intervalMs: null,
  });
}

export function useStats(): Polled<Stats> {
  return usePolled({
    key: ['stats'],
    read: (signal) => getJson<Stats>('/stats', signal),
    intervalMs: SLOW_INTERVAL_MS,
  });
}

/** The busiest questions: the first `pageCount` pages of them. */
export function useQuestions(pageCount = 1): Polled<Questions> {
  return usePolled({
    key: ['questions', pageCount],
    read: (signal) => readQuestions(pageCount, signal),
    intervalMs: (data) =>
      data?.questions.some(({ openBatches }) => openBatches > 0) ? SLOW_INTERVAL_MS : ENDED_INTERVAL_MS,
    keepsPrevious: true,
  });
}

/** Page after page: what moved from one to the other in between is shown once. */
export async function readQuestions(pageCount: number, signal: AbortSignal): Promise<Questions> {
  const found = new Map<string, Questions['questions'][number]>();
  let next: string | null = null;
  let nowMs = 0;
  for (let page = 0; page < pageCount && (page === 0 || next !== null); page += 1) {
    const after: string = next === null ? '' : `?after=${encodeURIComponent(next)}`;
    const answer: Questions = await getJson<Questions>(`/questions${after}`, signal);
    for (const question of answer.questions) found.set(question.project.projectId, question);
    ({ next, nowMs } = answer);
  }
  return { nowMs, questions: [...found.values()], next };
}

export function useOverview(projectId: string): Polled<ProjectOverview> {
  return usePolled({
    key: ['overview', projectId],
    read: (signal) => getJson<ProjectOverview>(`/projects/${encodeURIComponent(projectId)}/overview`, signal),
    intervalMs: (data) => (data?.batches.some(({ state }) => state === 'open') ? LIVE_INTERVAL_MS : SLOW_INTERVAL_MS),
  });
}

/** A batch that is not among the newest, by the identifier in the address; null asks nothing. */
export function useOlderBatch(batchId: string | null): Polled<Batch> {
  return usePolled({
    key: ['batch', batchId],
    read: (signal) => getJson<Batch>(`/batches/${encodeURIComponent(batchId ?? '')}`, signal),
    intervalMs: (data) => (data?.state === 'open' ? LIVE_INTERVAL_MS : ENDED_INTERVAL_MS),
    isEnabled: batchId !== null,
  });
}

export function useStory(batch: Batch): Polled<BatchStory> {
  return usePolled({
    // An ended batch gets an entry of its own, so that its last minutes are asked for once more.
    key: ['story', batch.batchId, batch.state],
    read: (signal) => getJson<BatchStory>(`/batches/${encodeURIComponent(batch.batchId)}/story`, signal),
    intervalMs: batch.state === 'open' ? LIVE_INTERVAL_MS : ENDED_INTERVAL_MS,
    keepsPrevious: true,
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
    intervalMs: SLOW_INTERVAL_MS,
  });
}

export function usePeers(): Polled<Peers> {
  return usePolled({
    key: ['peers'],
    read: (signal) => getJson<Peers>('/peers', signal),
    intervalMs: SLOW_INTERVAL_MS,
  });
}
