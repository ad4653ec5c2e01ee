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

/** Components that use the same key share one request. Asks nothing while the page is hidden, and at once when it is seen again. */
export function usePolled<T>(options: PollOptions<T>): Polled<T> {
  const { key, read, intervalMs = LIVE_INTERVAL_MS, isEnabled = true, keepsPrevious = false } = options;
  const failureCount = useRef(0);
  const intervalFor = (data: T | undefined) => (typeof intervalMs === 'function' ? intervalMs(data) : intervalMs);
  const query = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
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
    refetchInterval: ({ state }) => {
      const calmMs = intervalFor(state.data);
      return calmMs === null ? false : nextPollMs({ intervalMs: calmMs, failureCount: failureCount.current });
    },
    ...(keepsPrevious ? { placeholderData: keepPreviousData } : {}),
  });
  const isOld = useIsOlderThan(query.dataUpdatedAt, oldAfterMs(intervalFor(query.data)));
  return {
    data: query.data,
    error: query.error,
    isLoading: query.isPending && isEnabled,
    asOfMs: query.dataUpdatedAt,
    news: newsOf({ isOld: query.data !== undefined && isOld, isLost: query.error !== null && !isBusy(query.error) }),
    retry: () => void query.refetch(),
  };
}
