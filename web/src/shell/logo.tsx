// The wordmark in the colours of the theme.
import { WORDMARK_LETTERS } from './wordmark-letters.js';

export function Logo() {
  return (
    <svg viewBox="0 0 388 76" aria-hidden="true" className="w-full">
      <g transform="translate(0 4)">
        <mask id="logo-gap" maskUnits="userSpaceOnUse" x="0" y="0" width="64" height="64">
          <path fill="#fff" d="M0 0h64v64H0z" />
          <path d="M4 47 60 25" stroke="#000" strokeWidth="14" fill="none" />
        </mask>
        <g fill="none" strokeWidth="7.6" strokeLinecap="round">
          <path d="M13 19V57M25.5 9V57M38 6V57M50.5 13V57" stroke="var(--mh-pine)" mask="url(#logo-gap)" />
          <path d="M4 47 60 25" stroke="var(--mh-lamp)" />
        </g>
      </g>
      <path transform="translate(78 57)" fill="var(--mh-ink)" d={WORDMARK_LETTERS} />
    </svg>
  );
}
