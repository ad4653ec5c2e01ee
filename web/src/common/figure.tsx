// The box round a chart: its name, a remark, the picture, a caption.
import { type ReactNode, useId } from 'react';

export type FigureProps = {
  readonly title: string;
  readonly remark?: ReactNode;
  readonly caption?: ReactNode;
  /** Stands below the caption. */
  readonly after?: ReactNode;
  readonly children: ReactNode;
};

export function Figure({ title, remark, caption, after, children }: FigureProps) {
  const titleId = useId();
  return (
    <figure aria-labelledby={titleId} className="rounded-md border border-line bg-sheet px-3 py-4 sm:rounded-lg sm:p-6">
      <div className="mb-3 flex flex-wrap justify-between gap-2 text-sm">
        <b id={titleId}>{title}</b>
        <span className="text-ink-3">{remark}</span>
      </div>
      {children}
      {caption && <figcaption className="mt-3 text-sm text-ink-2">{caption}</figcaption>}
      {after}
    </figure>
  );
}
