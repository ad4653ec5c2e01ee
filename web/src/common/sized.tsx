// A box that tells its content how wide it is.
import type { ReactNode } from 'react';
import { useWidth } from './use-width.js';

/** Under this width charts use fewer ticks and a lower picture. */
export const NARROW_PX = 480;

/** Draws its content once the width is known; keeps `minHeight` until then, so that nothing jumps. */
export function Sized(props: { readonly minHeight: number; readonly children: (width: number) => ReactNode }) {
  const { ref, width } = useWidth<HTMLDivElement>();
  return (
    <div ref={ref} style={{ minHeight: width === 0 ? props.minHeight : undefined }}>
      {width > 0 && props.children(width)}
    </div>
  );
}
