// Nothing to show yet: why, and what changes it.
import type { ReactNode } from 'react';
import { Mark } from './mark.js';

export function Empty({ children }: { readonly children: ReactNode }) {
  return (
    <div className="py-4 text-sm text-ink-2">
      <div className="py-2">
        <Mark kind="still" className="w-12" />
      </div>
      <p className="mt-2 max-w-[62ch]">{children}</p>
    </div>
  );
}
