// A small tally drawn from a name, or from what tells two of one name apart: always the same one. Decoration; the name stands beside it.

const COLOURS = ['var(--mh-cat-2)', 'var(--mh-cat-3)', 'var(--mh-cat-4)', 'var(--mh-cat-5)', 'var(--mh-cat-1)'];

/** FNV-1a: spreads short names well and needs no library. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return value;
}

export function Avatar({ seed: text }: { readonly seed: string }) {
  const seed = hash(text);
  const hasThumb = (seed & 1) === 1;
  const strokeCount = hasThumb ? 4 : 5;
  const strokes = Array.from({ length: strokeCount }, (_, index) => {
    const x = 9 + (22 / (strokeCount - 1)) * index;
    const top = 11 + ((seed >>> (3 * index + 2)) % 7);
    const bottom = 29 + ((seed >>> (2 * index + 5)) % 3);
    return `M${x.toFixed(1)} ${top}V${bottom}`;
  });
  return (
    <svg className="size-7 flex-none sm:size-9" viewBox="0 0 40 40" aria-hidden="true">
      <circle cx="20" cy="20" r="20" fill="var(--mh-wash)" />
      <path
        d={strokes.join('')}
        stroke={COLOURS[(seed >>> 7) % COLOURS.length]}
        strokeWidth="3.4"
        strokeLinecap="round"
        fill="none"
      />
      {hasThumb && (
        <path
          d={`M7 ${24 + ((seed >>> 9) % 4)}L33 ${14 + ((seed >>> 11) % 5)}`}
          stroke="var(--mh-ink)"
          strokeWidth="3"
          strokeLinecap="round"
        />
      )}
    </svg>
  );
}
