// One horizontal bar of two parts: what came from peers, and what from the coordinator.
import { useId } from 'react';

export type StackedBarProps = {
  readonly peersBytes: number;
  readonly originBytes: number;
  /** Bytes that fill the whole width. */
  readonly scaleBytes: number;
  readonly width: number;
  readonly height: number;
};

/** Purely a picture: the numbers stand beside it. */
export function StackedBar({ peersBytes, originBytes, scaleBytes, width, height }: StackedBarProps) {
  const id = useId();
  const scale = width / Math.max(scaleBytes, 1);
  const peersWidth = peersBytes * scale;
  const originWidth = originBytes > 0 ? Math.max(2, originBytes * scale) : 0;
  return (
    <svg width={width} height={height} aria-hidden="true" className="mark">
      <defs>
        <OriginPattern id={id} />
      </defs>
      <rect width={width} height={height} rx="3" fill="var(--mh-wash)" />
      <rect width={peersWidth} height={height} rx="3" fill="var(--mh-cat-1)" />
      <rect
        x={Math.min(peersWidth, width - originWidth)}
        width={originWidth}
        height={height}
        rx="3"
        fill={`url(#${id})`}
      />
    </svg>
  );
}

/** The second series differs by its stripes too. */
export function OriginPattern({ id }: { readonly id: string }) {
  return (
    <pattern id={id} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="7" height="7" fill="var(--mh-cat-2)" />
      <path d="M0 0v7" stroke="var(--mh-sheet)" strokeWidth="1.6" />
    </pattern>
  );
}
