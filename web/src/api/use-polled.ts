// A question to the coordinator that is asked again and again, keeping the last good answer.
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { nextPollMs, POLL_INTERVAL_MS, STALE_AFTER_INTERVALS } from './schedule.js';
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
  /** Several answers in a row are missing: what is shown may be out of date. */
  readonly isStale: boolean;
  readonly retry: () => void;
};

export type PollOptions<T> = {
  readonly key: readonly unknown[];
  readonly read: (signal: AbortSignal) => Promise<T>;
  /** Default 2 s; null asks once only. */
  readonly intervalMs?: number | null;
  readonly isEnabled?: boolean;
};

/** Components that use the same key share one request. */
export function usePolled<T>({
  key,
  read,
  intervalMs = POLL_INTERVAL_MS,
  isEnabled = true,
}: PollOptions<T>): Polled<T> {
  const failureCount = useRef(0);
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
    refetchIntervalInBackground: true,
    refetchInterval: () =>
      intervalMs === null
        ? false
        : nextPollMs({ intervalMs, isHidden: document.hidden, failureCount: failureCount.current }),
  });
  const isOld = useIsOlderThan(query.dataUpdatedAt, (intervalMs ?? Number.POSITIVE_INFINITY) * STALE_AFTER_INTERVALS);
  return {
    data: query.data,
    error: query.error,
    isLoading: query.isPending && isEnabled,
    asOfMs: query.dataUpdatedAt,
    isStale: query.data !== undefined && isOld,
    retry: () => void query.refetch(),
  };
}
