// The results of one batch, growing while it runs.
import type { Batch } from '@manyhands/contract';
import { useQueryClient } from '@tanstack/react-query';
import { type Findings, NO_FINDINGS, readFindings } from './findings.js';
import { type Polled, usePolled } from './use-polled.js';

/** An ended batch may still be retried, but need not be watched closely. */
const ENDED_INTERVAL_MS = 15_000;

/** Asks only for outcomes that are new since the last answer. */
export function useFindings(batch: Batch): Polled<Findings> {
  const client = useQueryClient();
  const key = ['findings', batch.batchId];
  const before = client.getQueryData<Findings>(key) ?? NO_FINDINGS;
  const isCaughtUp = before.readCount >= batch.counts.accepted + batch.counts.failed;
  return usePolled({
    key,
    read: (signal) => readFindings(batch, client.getQueryData<Findings>(key) ?? NO_FINDINGS, signal),
    ...(batch.state !== 'open' && isCaughtUp ? { intervalMs: ENDED_INTERVAL_MS } : {}),
  });
}
