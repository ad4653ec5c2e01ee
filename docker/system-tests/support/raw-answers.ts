// What raw hosts lease, answer and hear.
import type { Lease, UnitResult } from '@manyhands/contract';
import { indexesOf, type RawHost } from './raw-host.js';

const resultOf = (text: string): UnitResult => ({ exitCode: 0, stdout: new TextEncoder().encode(text), files: [] });
export const answers = (lease: Lease, text = 'answer') =>
  indexesOf(lease).map((index) => ({ index, result: resultOf(`${text} ${index}\n`) }));

export async function leaseOf(host: RawHost, maximumUnits = 256): Promise<Lease> {
  const lease = await host.lease(maximumUnits);
  if (!lease) throw new Error('there was no work');
  return lease;
}

/** Sends a receipt; the status and code of its items, or the code of the error. */
export async function report(host: RawHost, receipt: ReturnType<RawHost['sealReceipt']>): Promise<unknown> {
  const reply = await host.request({ t: 'receipts', ...receipt });
  if (reply.t === 'receipts.ack') return reply.items.map(([, status, code]) => [status, code]);
  return reply.t === 'error' ? reply.code : reply.t;
}
