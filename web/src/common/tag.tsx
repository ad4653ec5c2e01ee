// A state in a word, with its colour.
import type { ReactNode } from 'react';

const KINDS = {
  plain: 'bg-wash text-ink-2',
  ok: 'bg-pine-wash text-pine',
  running: 'bg-lamp-wash text-lamp-ink',
  checking: 'bg-sky-wash text-sky',
  bad: 'bg-rust-wash text-rust',
} as const;

export type TagKind = keyof typeof KINDS;

export function Tag({ kind = 'plain', children }: { readonly kind?: TagKind; readonly children: ReactNode }) {
  return (
    <span
      className={`inline-flex items-center gap-[0.4em] rounded-full border border-transparent px-[0.6em] py-[0.12em] text-xs font-semibold whitespace-nowrap ${KINDS[kind]}`}
    >
      {children}
    </span>
  );
}
