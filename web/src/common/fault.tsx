// Data that could not be read: what failed, what is safe, one action.
import { isBusy, RequestError } from '../api/request.js';
import { Tag } from './tag.js';

export type FaultProps = {
  /** "The leaderboard": what could not be read. */
  readonly what: string;
  /** "Credit itself is safe in the ledger.": what the reader need not worry about. */
  readonly safe: string;
  readonly error: Error;
  readonly onRetry: () => void;
};

export function Fault({ what, safe, error, onRetry }: FaultProps) {
  const code = codeOf(error);
  return (
    <div className="py-4 text-sm" role="alert">
      <p>
        <Tag kind="bad">✕ not loaded</Tag>
      </p>
      <p className="mt-3 max-w-[62ch] text-ink-2">
        {what} couldn’t be read: {reasonOf(error)}. {safe} This page tries again by itself.{' '}
        <button type="button" className="link" onClick={onRetry}>
          Try again now
        </button>
        {code && (
          <>
            {' '}
            <code className="whitespace-nowrap text-ink-3">{code}</code>
          </>
        )}
      </p>
    </div>
  );
}

function reasonOf(error: Error): string {
  if (isBusy(error)) return 'the coordinator is there, but slow';
  const isSilent = !(error instanceof RequestError) || error.status === null;
  return isSilent ? 'the coordinator doesn’t answer' : 'the coordinator has trouble';
}

/** "HTTP 503 MH-GEN-006"; null if there was no answer. */
function codeOf(error: Error): string | null {
  if (!(error instanceof RequestError) || error.status === null) return null;
  return error.code ? `HTTP ${error.status} ${error.code}` : `HTTP ${error.status}`;
}
