// A page that is loaded when it is first needed. While that fails it says so in its place and tries again; the rest stays usable.
import { type ReactNode, useEffect, useState } from 'react';
import { PageTitle } from '../common/page-title.js';
import { type PartState, watchPart } from './load-part.js';
import { PartLoading, PartRenewed, PartWaiting } from './part-states.js';
import { RetryPause } from './retry-pause.js';

type Page = () => ReactNode;
/** A component for the router: it may be loaded ahead of time, which never fails. */
export type Part = Page & { preload: () => Promise<void> };

export function createPart(load: () => Promise<Page>): Part {
  const source: PartSource = { load, loaded: null };
  return Object.assign(() => <Shown source={source} />, { preload: () => loadOnce(source).then(nothing, nothing) });
}

/** `loaded` outlives a drawing: once it is here, the page is there at once. */
type PartSource = { readonly load: () => Promise<Page>; loaded: Page | null };

async function loadOnce(source: PartSource): Promise<Page> {
  source.loaded ??= await source.load();
  return source.loaded;
}

function Shown({ source }: { readonly source: PartSource }) {
  const [state, setState] = useState<PartState<Page>>({ kind: 'loading' });
  const [retry, setRetry] = useState<() => void>(() => nothing);
  useEffect(() => {
    let isHere = true;
    const retryPause = new RetryPause();
    setRetry(() => () => retryPause.ask());
    const pause = (durationMs: number) => retryPause.wait(durationMs);
    void (async () => {
      for await (const next of watchPart({ load: () => loadOnce(source), isAnswering, pause })) {
        if (!isHere) return;
        setState(next);
      }
    })();
    return () => {
      isHere = false;
    };
  }, [source]);
  const Loaded = state.kind === 'ready' ? state.part : source.loaded;
  if (Loaded) return <Loaded />;
  return (
    <>
      <PageTitle text="Loading" />
      {state.kind === 'renewed' && <PartRenewed onReload={() => window.location.reload()} />}
      {state.kind === 'waiting' && <PartWaiting onRetry={retry} />}
      {state.kind === 'loading' && <PartLoading />}
    </>
  );
}

/** The page itself tells what became of it. */
function nothing(): void {}

async function isAnswering(): Promise<boolean> {
  try {
    return (await fetch('/api/v1/coordinator', { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}
