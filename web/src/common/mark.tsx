// The symbol: four strokes and a fifth across, whose colour is the state.
import { useId } from 'react';

const STROKES = {
  working: ['var(--mh-pine)', 'var(--mh-lamp)'],
  still: ['var(--mh-edge)', 'var(--mh-edge)'],
  bad: ['var(--mh-ink)', 'var(--mh-rust)'],
} as const;

export function Mark({ kind, className }: { readonly kind: keyof typeof STROKES; readonly className: string }) {
  const maskId = useId();
  const [fingers, thumb] = STROKES[kind];
  return (
    <svg className={className} viewBox="0 0 64 64" aria-hidden="true">
      <mask id={maskId} maskUnits="userSpaceOnUse" x="0" y="0" width="64" height="64">
        <path fill="#fff" d="M0 0h64v64H0z" />
        <path d="M4 47 60 25" stroke="#000" strokeWidth="14" fill="none" />
      </mask>
      <g fill="none" strokeWidth="7.6" strokeLinecap="round">
        <path d="M13 19V57M25.5 9V57M38 6V57M50.5 13V57" stroke={fingers} mask={`url(#${maskId})`} />
        <path d="M4 47 60 25" stroke={thumb} />
      </g>
    </svg>
  );
}
