// What stands in the place of a page that is not loaded.
import type { ReactNode } from 'react';
import { Fetching } from '../common/fetching.js';

export function PartLoading() {
  return (
    <div className="page min-h-[60dvh] py-12" aria-busy="true">
      <h1 className="sr-only">Loading</h1>
      <Fetching />
    </div>
  );
}

export function PartWaiting({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <Missing title="This page isn’t loaded yet" action="Try again now" onAction={onRetry}>
      The coordinator doesn’t answer, so the page can’t be fetched. It is tried again by itself, and pages that were
      open before still work. Computing continues, and nothing is lost.
    </Missing>
  );
}

export function PartRenewed({ onReload }: { readonly onReload: () => void }) {
  return (
    <Missing title="The pages were renewed" action="Load the new ones" onAction={onReload}>
      This coordinator has newer pages than the ones that are open here, and the old ones are gone.
    </Missing>
  );
}

type MissingProps = {
  readonly title: string;
  readonly action: string;
  readonly onAction: () => void;
  readonly children: ReactNode;
};

function Missing({ title, action, onAction, children }: MissingProps) {
  return (
    <div className="page min-h-[60dvh] py-12" role="alert">
      <h1>{title}</h1>
      <p className="mt-4 max-w-[62ch] text-ink-2">{children}</p>
      <p className="mt-6">
        <button type="button" className="btn" onClick={onAction}>
          {action}
        </button>
      </p>
    </div>
  );
}
