// Remembers an answer for a moment, so that many viewers of one page cost as much as one.

const KEYS_MAXIMUM = 500;

/** `compute` runs at most once per key in `lifetimeMs`. Not more than so many answers are held at one time. */
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
    const value = compute(key);
    if (known.size >= keysMaximum) known.clear();
    known.set(text, { value, atMs: nowMs });
    return value;
  };
}
