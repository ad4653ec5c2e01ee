// Signs receipts over journalled results and puts the small bundles beside them.
import {
  type CoordinatorId,
  type HostId,
  type KeyPair,
  type Lease,
  type MessageOf,
  type Receipt,
  STDERR_TAIL_BYTES,
  seal,
} from '@manyhands/contract';
import type { RestoredResult } from '@manyhands/worker-core';
import { ENGINE } from './host-proof.js';

const MESSAGE_MAXIMUM_CHARACTERS = 500;

export type ReportedResult = RestoredResult & {
  /** The bundle when it travels in the frame. */
  inlineBundle: Uint8Array | undefined;
};

/** The message `receipts` for results of one lease. */
export function receiptsMessage(
  requestId: number,
  report: { lease: Lease; results: readonly ReportedResult[] },
  signer: { coordinatorId: CoordinatorId; hostId: HostId; keyPair: KeyPair },
): MessageOf<'receipts'> {
  const receipt: Receipt = {
    version: 1,
    hostId: signer.hostId,
    leaseId: report.lease.leaseId,
    manifestCid: report.lease.manifestCid,
    engine: ENGINE,
    successes: [],
    failures: [],
  };
  const bundles: MessageOf<'receipts'>['bundles'] = [];
  for (const { index, ending, inlineBundle } of report.results) {
    const elapsedMs = Math.round(ending.elapsedMs);
    if (ending.kind === 'success') {
      receipt.successes.push([index, ending.digest.slice(), ending.bundleBytes, elapsedMs, null, null]);
      if (inlineBundle) bundles.push([index, inlineBundle.slice()]);
    } else {
      const message = ending.message.slice(0, MESSAGE_MAXIMUM_CHARACTERS);
      const stderrTail = ending.stderrTail.slice(-STDERR_TAIL_BYTES);
      receipt.failures.push({ ...ending, index, message, stderrTail, elapsedMs });
    }
  }
  const envelope = seal(receipt, { type: 'receipt', coordinatorId: signer.coordinatorId }, signer.keyPair).slice();
  return { t: 'receipts', id: requestId, envelope, bundles };
}
