// How many frames of each type the coordinator may send: the bounds that every message states, as token buckets.
import { MESSAGES, type MessageType } from '@manyhands/contract';

export class FrameBudget {
  readonly #buckets = new Map<MessageType, { tokens: number; atMs: number }>();

  /** Takes one frame of a type; false when the type has used up its minute. */
  take(type: MessageType, nowMs: number): boolean {
    const { perMinute } = MESSAGES[type];
    const bucket = this.#buckets.get(type) ?? { tokens: perMinute, atMs: nowMs };
    const refilled = Math.min(perMinute, bucket.tokens + ((nowMs - bucket.atMs) * perMinute) / 60_000);
    this.#buckets.set(type, { tokens: Math.max(0, refilled - 1), atMs: nowMs });
    return refilled >= 1;
  }
}
