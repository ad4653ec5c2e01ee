// Tabs over one panel. Arrow keys, Home and End move between them, as in any tab list.
import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';
import type { Choice } from './toggles.js';

export type TabsProps<T extends string> = {
  readonly label: string;
  readonly tabs: readonly Choice<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  /** Stands beside the tabs, outside the panel. */
  readonly aside?: ReactNode;
  /** The panel of the chosen tab. */
  readonly children: ReactNode;
};

/** Where a key leads from tab `index` of `count`; null if it leads nowhere. */
export function tabAfterKey(key: string, index: number, count: number): number | null {
  if (key === 'ArrowRight') return (index + 1) % count;
  if (key === 'ArrowLeft') return (index + count - 1) % count;
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return null;
}

export function Tabs<T extends string>({ label, tabs, value, onChange, aside, children }: TabsProps<T>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = tabAfterKey(
      event.key,
      tabs.findIndex((tab) => tab.value === value),
      tabs.length,
    );
    const tab = next === null ? undefined : tabs[next];
    if (!tab || next === null) return;
    event.preventDefault();
    onChange(tab.value);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  };
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <div className="seg" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
          {tabs.map((tab) => (
            <button
              key={tab.value}
              type="button"
              role="tab"
              id={`${id}-${tab.value}`}
              aria-selected={tab.value === value}
              aria-controls={`${id}-panel`}
              tabIndex={tab.value === value ? 0 : -1}
              onClick={() => onChange(tab.value)}
            >
              {tab.label}
            </button>
          ))}
        </div>
        {aside}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`}>
        {children}
      </div>
    </>
  );
}
