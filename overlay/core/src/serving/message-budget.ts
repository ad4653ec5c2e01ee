// How many messages of each kind one stream may send: a token bucket per kind. Whoever exceeds it is cut off.
import { MESSAGE_BOUNDS, type Message } from '../protocol/messages.js';

/** The buckets of one stream, full at the start. */
export type MessageBudget = Map<Message['type'], { tokens: number; atMs: number }>;

/** Takes one message from the budget; false when it is used up. */
export function spendMessage(budget: MessageBudget, type: Message['type'], now: number): boolean {
  const { perSecond, burst } = MESSAGE_BOUNDS[type];
  const bucket = budget.get(type) ?? { tokens: burst, atMs: now };
  const tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.atMs) * perSecond) / 1000);
  budget.set(type, { tokens: Math.max(0, tokens - 1), atMs: now });
  return tokens >= 1;
}
