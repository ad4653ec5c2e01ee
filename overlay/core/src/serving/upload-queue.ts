// Who is served next: a bounded number of uploads at once, and peers take turns whatever number of requests each has waiting.
import type { Cid } from '@manyhands/contract';
import { QUEUED_PER_PEER_MAXIMUM } from '../limits.js';

/** One request for a block; `key` names it among all (the driver makes it of stream and request id). `network`: where its peer comes from. */
export type Upload = { key: string; peer: string; network: string; cid: Cid };

export type UploadQueue = {
  readonly slots: number;
  /** Waiting requests by peer; the peer whose turn is next comes first. */
  readonly waiting: Map<string, Upload[]>;
  readonly running: Map<string, Upload>;
};

/** A queue with so many uploads at once. */
export function createUploadQueue(slots: number): UploadQueue {
  return { slots, waiting: new Map(), running: new Map() };
}

/** Puts a request into the queue; false when its peer has too many waiting or repeats a key. */
export function enqueueUpload(queue: UploadQueue, upload: Upload): boolean {
  const mine = queue.waiting.get(upload.peer) ?? [];
  const isRepeated = queue.running.has(upload.key) || mine.some(({ key }) => key === upload.key);
  if (isRepeated || mine.length >= QUEUED_PER_PEER_MAXIMUM) return false;
  queue.waiting.set(upload.peer, [...mine, upload]);
  return true;
}

/** Takes the next request that may start now, or undefined. Its peer goes to the end of the line. */
export function startUpload(queue: UploadQueue): Upload | undefined {
  if (queue.running.size >= queue.slots) return undefined;
  // One peer never holds more than a quarter of the slots, and one network more than three: if they stop reading, the others are served on.
  const perPeerMaximum = Math.ceil(queue.slots / 4);
  const perNetworkMaximum = Math.ceil((3 * queue.slots) / 4);
  const running = [...queue.running.values()];
  const countOf = (fits: (other: Upload) => boolean): number => running.filter(fits).length;
  for (const [peer, [upload, ...rest]] of queue.waiting) {
    if (upload === undefined || countOf((other) => other.peer === peer) >= perPeerMaximum) continue;
    if (countOf(({ network }) => network === upload.network) >= perNetworkMaximum) continue;
    queue.waiting.delete(peer);
    if (rest.length > 0) queue.waiting.set(peer, rest);
    queue.running.set(upload.key, upload);
    return upload;
  }
  return undefined;
}

/** An upload ended, well or not; frees its slot. */
export function endUpload(queue: UploadQueue, key: string): void {
  queue.running.delete(key);
}

/** Removes a request that has not started; a running one goes on. */
export function cancelUpload(queue: UploadQueue, peer: string, key: string): void {
  const rest = (queue.waiting.get(peer) ?? []).filter((upload) => upload.key !== key);
  if (rest.length > 0) queue.waiting.set(peer, rest);
  else queue.waiting.delete(peer);
}
