// A name that somebody chose, kept to itself: it may be long, run from right to left, or be shared by two.
import { shownName } from './names.js';

/** `tag` stands beside the name only where the name alone would not do. */
export function PersonName({ name, tag }: { readonly name: string; readonly tag?: string | undefined }) {
  return (
    <>
      <bdi className="[overflow-wrap:anywhere]">{shownName(name)}</bdi>
      {tag && (
        <>
          {' '}
          <code className="text-xs font-normal text-ink-3">{tag}</code>
        </>
      )}
    </>
  );
}
