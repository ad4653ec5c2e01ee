// Tells when data have grown old, without drawing anything again before that.
import { useEffect, useState } from 'react';

/** True once `ageMs` have passed since `sinceMs` while the page could be seen; false for 0 (never). */
export function useIsOlderThan(sinceMs: number, ageMs: number): boolean {
  const [expired, setExpired] = useState(0);
  useEffect(() => {
    if (sinceMs === 0 || !Number.isFinite(ageMs)) return;
    let timer: ReturnType<typeof setTimeout>;
    const check = () => {
      const leftMs = sinceMs + ageMs - Date.now();
      // A hidden page asks seldom on purpose; what it shows is judged when it is seen again.
      if (leftMs <= 0 && !document.hidden) setExpired(sinceMs);
      else timer = setTimeout(check, Math.max(leftMs, 500));
    };
    timer = setTimeout(check, ageMs);
    return () => clearTimeout(timer);
  }, [sinceMs, ageMs]);
  return sinceMs !== 0 && expired === sinceMs;
}
