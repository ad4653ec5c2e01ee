// A page that failed to load or to draw. The commonest cause is a new version on the server.
import type { ErrorComponentProps } from '@tanstack/react-router';

export function PageFault({ error }: ErrorComponentProps) {
  return (
    <div className="page py-12" role="alert">
      <h1>This page couldn’t be drawn</h1>
      <p className="mt-4 max-w-[62ch] text-ink-2">
        Computing goes on without it, and nothing is lost. Perhaps the pages were renewed while this one was open;
        loading it again usually helps.
      </p>
      <p className="mt-6">
        <button type="button" className="btn go" onClick={() => window.location.reload()}>
          Load again
        </button>
      </p>
      <p className="mt-6 text-sm text-ink-3">
        <code>{error instanceof Error ? error.message : String(error)}</code>
      </p>
    </div>
  );
}
