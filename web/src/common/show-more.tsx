// Shows the first rows of a long list, and the rest when asked.
import { useState } from 'react';

/** Returns the rows to draw and, if any are left out, the button that shows them. */
export function useShowMore<T>(rows: readonly T[], firstCount: number) {
  const [isAll, setAll] = useState(false);
  const restCount = rows.length - firstCount;
  const isCut = !isAll && restCount > 0;
  return {
    rows: isCut ? rows.slice(0, firstCount) : rows,
    button: isCut ? (
      <button type="button" className="link my-2 text-sm" onClick={() => setAll(true)}>
        Show {restCount} more
      </button>
    ) : null,
  };
}
