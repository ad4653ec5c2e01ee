// What joining means, in four promises.
import type { ReactNode } from 'react';

const ICON = {
  clock: (
    <>
      <circle cx="16" cy="16" r="11" />
      <path d="M16 9v7l5 3" stroke="var(--mh-lamp-mark)" strokeWidth="3" />
    </>
  ),
  box: (
    <>
      <path d="M5 11 16 5l11 6v11l-11 6-11-6z" />
      <path d="M11 16.5l4 3.5 7-8" stroke="var(--mh-lamp-mark)" strokeWidth="3" />
    </>
  ),
  stop: (
    <>
      <path d="M27 16a11 11 0 1 1-5-9.2" />
      <path d="M13 12v8M19 12v8" stroke="var(--mh-lamp-mark)" strokeWidth="3" />
    </>
  ),
  eye: (
    <>
      <path d="M3 16c4-7 9-9 13-9s9 2 13 9c-4 7-9 9-13 9S7 23 3 16z" />
      <circle cx="16" cy="16" r="3" stroke="var(--mh-lamp-mark)" strokeWidth="3" />
    </>
  ),
};

export function Promises() {
  return (
    <>
      <h2 id="meaning" className="mb-6">
        What joining means
      </h2>
      <ul className="grid gap-6 sm:grid-cols-2 lg:grid-cols-4">
        <Item icon={ICON.clock} title="Only spare time">
          Programs run at the lowest priority, so that yours go first, and rest while a laptop is on battery.
        </Item>
        <Item icon={ICON.box} title="A closed box">
          Programs run in a sandbox without network and without your files. Each is signed by its scientist and checked
          before it starts.
        </Item>
        <Item icon={ICON.stop} title="Stop any time">
          Pause takes seconds. Finished work is kept and reported; what was cut short continues from its last save, here
          or elsewhere.
        </Item>
        <Item icon={ICON.eye} title="What others see">
          The name you choose, or a made-up one. Other volunteers’ computers see your IP address; one switch turns that
          off.
        </Item>
      </ul>
    </>
  );
}

type ItemProps = { readonly icon: ReactNode; readonly title: string; readonly children: ReactNode };

function Item({ icon, title, children }: ItemProps) {
  return (
    <li className="grid grid-cols-[32px_minmax(0,1fr)] gap-x-3 sm:block">
      <svg
        className="row-span-2 size-8 sm:mb-2"
        viewBox="0 0 32 32"
        fill="none"
        stroke="var(--mh-ink)"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {icon}
      </svg>
      <h3>{title}</h3>
      <p className="mt-1 text-sm text-ink-2">{children}</p>
    </li>
  );
}
