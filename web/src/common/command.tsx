// One command line with a button that copies it.
import { Fragment, useEffect, useState } from 'react';

/** How long "Copied" stays. */
const COPIED_MS = 2000;

type CopyState = 'ready' | 'copied' | 'denied';

/** Writes to the clipboard and tells whether that worked. */
export async function copyText(text: string, setState: (state: CopyState) => void): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    setState('copied');
  } catch {
    // Pages without encryption may not write to the clipboard: the text stays selectable.
    setState('denied');
  }
}

export function Command({ text, label }: { readonly text: string; readonly label: string }) {
  const [state, setState] = useState<CopyState>('ready');
  useEffect(() => {
    if (state === 'ready') return;
    const timer = setTimeout(() => setState('ready'), COPIED_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const action = { ready: 'Copy', copied: 'Copied', denied: 'Select it' }[state];
  return (
    <div className="flex flex-wrap items-center justify-end gap-3 rounded-md border border-line bg-wash py-2 pr-2 pl-4 text-sm sm:flex-nowrap">
      {/* A long command wraps between its words: all of it can be read, and copied by hand. */}
      <code className="min-w-0 flex-1 py-1 [overflow-wrap:anywhere] max-sm:basis-full">
        <span aria-hidden="true" className="text-ink-3 select-none">
          ${' '}
        </span>
        {text.split(' ').map((word, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word is its place in the command
          <Fragment key={index}>
            {index > 0 && ' '}
            <span className="inline-block max-w-full">{word}</span>
          </Fragment>
        ))}
      </code>
      <button
        type="button"
        className="btn small min-w-[5.5rem]"
        onClick={() => void copyText(text, setState)}
        aria-label={`Copy: ${label}`}
      >
        {action}
      </button>
      <span role="status" className="sr-only">
        {state === 'copied' ? 'Copied' : state === 'denied' ? 'Not copied: please select the command' : ''}
      </span>
    </div>
  );
}
