// Remembers an answer for a moment, so that many viewers of one page cost as much as one.

import { metered } from './read-budget.js';

const KEYS_MAXIMUM = 500;

/** `compute` runs at most once per key in `lifetimeMs`; who asks first pays for it. Of more than so many answers the oldest is forgotten. */
export function briefly<Key, Value>(
  lifetimeMs: number,
  compute: (key: Key) => Value,
  keysMaximum = KEYS_MAXIMUM,
): (key: Key) => Value {
  const known = new Map<string, { value: Value; atMs: number }>();
  return (key) => {
    const text = JSON.stringify(key);
    const nowMs = performance.now();
    const entry = known.get(text);
    if (entry && nowMs - entry.atMs < lifetimeMs) return entry.value;
    const value = metered(() => compute(key));
    const [oldest] = known.keys();
    known.delete(text);
    if (known.size >= keysMaximum && oldest !== undefined) known.delete(oldest);
    known.set(text, { value, atMs: nowMs });
    return value;
  };
}
