// The dot that says whether figures are coming in.
import type { ReactNode } from 'react';

/** Lit while live; an empty ring when not, so that it does not depend on colour. */
export function LiveMark({ isLive, children }: { readonly isLive: boolean; readonly children: ReactNode }) {
  const dot = isLive ? 'border-lamp bg-lamp shadow-[0_0_0_3px_var(--mh-lamp-wash)]' : 'border-edge bg-transparent';
  return (
    <p className="inline-flex items-center gap-2 text-sm text-ink-2">
      <span aria-hidden="true" className={`mark size-[0.6em] flex-none rounded-full border-2 ${dot}`} />
      <span>{children}</span>
    </p>
  );
}
