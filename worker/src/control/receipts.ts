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
    appVersionId: report.lease.appVersionId,
    build: report.lease.build,
    engine: ENGINE,
    successes: [],
    failures: [],
  };
  const bundles: MessageOf<'receipts'>['bundles'] = [];
  for (const { index, ending, inlineBundle } of report.results) {
    const elapsedMs = Math.round(ending.elapsedMs);
    if (ending.kind === 'success') {
      const { digest, bundleBytes, fuel, markCount, chainRoot } = ending;
      receipt.successes.push([index, digest.slice(), bundleBytes, elapsedMs, fuel, markCount, chainRoot.slice()]);
      if (inlineBundle) bundles.push([index, inlineBundle.slice()]);
    } else {
      const message = ending.message.slice(0, MESSAGE_MAXIMUM_CHARACTERS);
      const stderrTail = ending.stderrTail.slice(-STDERR_TAIL_BYTES);
      const chainRoot = ending.chainRoot?.slice() ?? null;
      receipt.failures.push({ ...ending, index, message, stderrTail, elapsedMs, chainRoot });
    }
  }
  const envelope = seal(receipt, { type: 'receipt', coordinatorId: signer.coordinatorId }, signer.keyPair).slice();
  return { t: 'receipts', id: requestId, envelope, bundles };
}
