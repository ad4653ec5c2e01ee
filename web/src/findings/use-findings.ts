// The results of one batch, growing while it runs.
import type { Batch } from '@manyhands/contract';
import { useQueryClient } from '@tanstack/react-query';
import { ENDED_INTERVAL_MS, LIVE_INTERVAL_MS } from '../api/schedule.js';
import { type Polled, usePolled } from '../api/use-polled.js';
import { type Findings, NO_FINDINGS, readFindings } from './findings.js';

/** Asks only for outcomes that are new since the last answer; rarely once the batch has ended and all are read. */
export function useFindings(batch: Batch): Polled<Findings> {
  const client = useQueryClient();
  const key = ['findings', batch.batchId];
  return usePolled({
    key,
    read: (signal) => readFindings(batch, client.getQueryData<Findings>(key) ?? NO_FINDINGS, signal),
    intervalMs: (findings) => (isCaughtUp(batch, findings) ? ENDED_INTERVAL_MS : LIVE_INTERVAL_MS),
  });
}

function isCaughtUp(batch: Batch, findings: Findings | undefined): boolean {
  const settledCount = batch.counts.accepted + batch.counts.failed;
  return batch.state !== 'open' && findings !== undefined && findings.readCount >= settledCount;
}
