// How many lasting bytes somebody may bring about: some at once, the rest as time passes. What others confirm is given back.

import { INLINE_BUNDLE_MAXIMUM_BYTES } from '@manyhands/contract';

/** What one result takes in the receipt that states it. */
export const SUCCESS_BYTES = 128;

/** What a result of this size costs its host: what states it, and the bundle if it comes with that. */
export function resultBytes(bundleBytes: number | null): number {
  return SUCCESS_BYTES + (bundleBytes !== null && bundleBytes <= INLINE_BUNDLE_MAXIMUM_BYTES ? bundleBytes : 0);
}

export type BytesRate = {
  readonly burstBytes: number;
  readonly bytesPerSecond: number;
};

/** What somebody has brought about that nobody has confirmed, less what time has forgiven. */
export type Owed = { readonly bytes: number; readonly atMs: number };

export const NOTHING_OWED: Owed = { bytes: 0, atMs: 0 };

function at({ bytes, atMs }: Owed, rate: BytesRate, nowMs: number): Owed {
  const forgiven = (Math.max(0, nowMs - atMs) / 1000) * rate.bytesPerSecond;
  return { bytes: Math.max(0, bytes - forgiven), atMs: nowMs };
}

/** How long to wait until more is taken; 0: now. One message may go beyond the bound, so that a large one passes at all. */
export function waitMsOf(owed: Owed, rate: BytesRate, nowMs: number): number {
  const beyond = at(owed, rate, nowMs).bytes - rate.burstBytes;
  return beyond < 0 ? 0 : Math.ceil((1000 * beyond) / rate.bytesPerSecond) + 1;
}

/** `bytes` below zero are given back. */
export function afterBytes(owed: Owed, bytes: number, { rate, nowMs }: { rate: BytesRate; nowMs: number }): Owed {
  const before = at(owed, rate, nowMs);
  return { ...before, bytes: Math.max(0, before.bytes + bytes) };
}
