// Big numbers, each with what it counts and "of what" or "since when".
import type { ReactNode } from 'react';

export type BigNumber = { readonly value: string; readonly label: string; readonly note: ReactNode };

export function BigNumbers({ numbers }: { readonly numbers: readonly BigNumber[] }) {
  return (
    <dl className="grid grid-cols-2 gap-4 sm:grid-cols-[repeat(auto-fit,minmax(9.5rem,1fr))] sm:gap-6">
      {numbers.map(({ value, label, note }) => (
        <div key={label} className="flex flex-col">
          <dt className="order-2 text-sm font-semibold text-ink-2">{label}</dt>
          <dd className="order-1 font-serif text-[1.5rem] leading-[1.15] font-[560] tracking-[-0.015em] sm:text-[1.875rem]">
            {value}
          </dd>
          <dd className="order-3 text-sm text-ink-3">{note}</dd>
        </div>
      ))}
    </dl>
  );
}
