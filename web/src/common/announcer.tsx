// Tells screen readers how things stand, calmly.
import { useEffect, useRef, useState } from 'react';

/** No more than one announcement in this time. */
const QUIET_MS = 10_000;

/** The text is spoken when it changes, but at most once in ten seconds; the latest one wins. */
export function Announcer({ text }: { readonly text: string }) {
  const [spoken, setSpoken] = useState(text);
  const spokenAtMs = useRef(0);
  useEffect(() => {
    const waitMs = Math.max(0, spokenAtMs.current + QUIET_MS - Date.now());
    const timer = setTimeout(() => {
      spokenAtMs.current = Date.now();
      setSpoken(text);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <p role="status" className="sr-only">
      {spoken}
    </p>
  );
}
