// A page that failed while it was drawn. The rest of the pages stays usable.
import type { ErrorComponentProps } from '@tanstack/react-router';

export function PageFault({ error, reset }: Pick<ErrorComponentProps, 'error' | 'reset'>) {
  return (
    <div className="page py-12" role="alert">
      <h1>This page couldn’t be drawn</h1>
      <p className="mt-4 max-w-[62ch] text-ink-2">
        That is a fault of the page. Computing continues without it, and nothing is lost. If drawing it again doesn’t
        help, please report what stands below.
      </p>
      <p className="mt-6">
        <button type="button" className="btn go" onClick={reset}>
          Draw it again
        </button>
      </p>
      <p className="mt-6 text-sm text-ink-3">
        <code>{error instanceof Error ? error.message : String(error)}</code>
      </p>
    </div>
  );
}
