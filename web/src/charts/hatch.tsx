// Diagonal lines for what is not known yet.

/** A pattern to be used as `fill="url(#id)"`; lighter where only half is missing. */
export function Hatch({ id, isLight = false }: { readonly id: string; readonly isLight?: boolean }) {
  const gap = isLight ? 12 : 6;
  return (
    <pattern id={id} width={gap} height={gap} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <path d={`M0 0v${gap}`} stroke="var(--mh-edge)" strokeOpacity=".5" strokeWidth="1.6" />
    </pattern>
  );
}
