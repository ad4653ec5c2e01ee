// Says that what is shown is older than it should be.
import { formatClock, zoneName } from '../format/times.js';
import { Tag } from './tag.js';

export function StaleTag({ asOfMs }: { readonly asOfMs: number }) {
  return (
    <span className="inline-flex flex-wrap items-center gap-2 text-sm text-ink-2">
      <Tag kind="checking">
        as of {formatClock(asOfMs)} {zoneName(asOfMs)}
      </Tag>
      Connection lost; reconnecting.
    </span>
  );
}
