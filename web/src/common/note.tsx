// A paragraph set apart.
import type { ReactNode } from 'react';

const KINDS = {
  plain: 'bg-wash',
  ok: 'bg-pine-wash',
  info: 'bg-sky-wash',
  running: 'bg-lamp-wash',
  bad: 'bg-rust-wash',
};

export type NoteProps = {
  readonly kind?: keyof typeof KINDS;
  readonly title: string;
  readonly children: ReactNode;
};

export function Note({ kind = 'plain', title, children }: NoteProps) {
  return (
    <div className={`rounded-md border border-transparent p-4 text-sm ${KINDS[kind]}`}>
      <b className="block">{title}</b>
      {children}
    </div>
  );
}
