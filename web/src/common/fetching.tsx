// The word for waiting; it comes late, so that quick answers do not flicker.
import { useEffect, useState } from 'react';

const PATIENCE_MS = 300;

export function Fetching() {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return <span className="text-sm text-ink-3">{isShown ? 'Fetching…' : '\u00A0'}</span>;
}
