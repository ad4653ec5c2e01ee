// A question to the coordinator that is asked again and again, keeping the last good answer.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { isBusy } from './request.js';
import { LIVE_INTERVAL_MS, type News, newsOf, nextPollMs, oldAfterMs } from './schedule.js';
import { useIsOlderThan } from './use-is-older-than.js';

/** What a component knows about its data. `data` stays when later requests fail. */
export type Polled<T> = {
  readonly data: T | undefined;
  /** The last request's error, null after a success. */
  readonly error: Error | null;
  /** Nothing has been answered yet, neither data nor an error. */
  readonly isLoading: boolean;
  /** When the data arrived, by this computer's clock; 0 before. */
  readonly asOfMs: number;
  /** Other than `current`: several answers in a row are missing, so that what is shown may be out of date. */
  readonly news: News;
  readonly retry: () => void;
};

export type PollOptions<T> = {
  readonly key: readonly unknown[];
  readonly read: (signal: AbortSignal) => Promise<T>;
  /** From the data so far; null asks once only. Default: as often as while work is going on. */
  readonly intervalMs?: ((data: T | undefined) => number) | number | null;
  readonly isEnabled?: boolean;
  /** Shows the answer of the key before until there is one. */
  readonly keepsPrevious?: boolean;
};

/** Failures since the last success. */
type FailureCount = { current: number };

/** How the cache asks: it never tries again at once, but ever more slowly until there is an answer. */
export function queryOf<T>(options: PollOptions<T>, failureCount: FailureCount) {
  const { key, read, isEnabled = true, keepsPrevious = false } = options;
  return {
    queryKey: key,
    queryFn: async ({ signal }: { readonly signal: AbortSignal }) => {
      try {
        const data = await read(signal);
        failureCount.current = 0;
        return data;
      } catch (error) {
        if (!signal.aborted) failureCount.current += 1;
        throw error;
      }
    },
    enabled: isEnabled,
    retry: false,
    // The browser's word about the network is no reason not to ask: a coordinator on this computer answers without one.
    networkMode: 'always',
    refetchInterval: ({ state }: { readonly state: { readonly data: T | undefined } }) => {
      const intervalMs = intervalOf(options, state.data);
      return intervalMs === null ? false : nextPollMs({ intervalMs, failureCount: failureCount.current });
    },
    ...(keepsPrevious ? { placeholderData: keepPreviousData } : {}),
  } as const;
}

function intervalOf<T>({ intervalMs = LIVE_INTERVAL_MS }: PollOptions<T>, data: T | undefined): number | null {
  return typeof intervalMs === 'function' ? intervalMs(data) : intervalMs;
}

/** Components that use the same key share one request. Asks nothing while the page is hidden, and at once when it is seen again. */
export function usePolled<T>(options: PollOptions<T>): Polled<T> {
  const failureCount = useRef(0);
  const query = useQuery<T, Error, T>(queryOf(options, failureCount));
  const isOld = useIsOlderThan(query.dataUpdatedAt, oldAfterMs(intervalOf(options, query.data)));
  return {
    data: query.data,
    error: query.error,
    isLoading: query.isPending && (options.isEnabled ?? true),
    asOfMs: query.dataUpdatedAt,
    news: newsOf({ isOld: query.data !== undefined && isOld, isLost: query.error !== null && !isBusy(query.error) }),
    retry: () => void query.refetch(),
  };
}
