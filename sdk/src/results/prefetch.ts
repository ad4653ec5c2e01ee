// Works ahead of a slow consumer, but only so far: back-pressure for streams of results.

export type AheadOptions<In> = {
  /** Pieces of work under way at most. */
  ahead: number;
  /** What an item weighs, and the weight from which on nothing more is started: keeps large results out of memory. */
  weigh(item: In): number;
  weightMaximum: number;
  /** Called when the consumer stops or anything fails. */
  stop(): void;
};

type Piece<Out> = { weight: number; done: Promise<Out> };

/** Maps a stream with bounded work under way, and yields in the order of the stream. What is under way is awaited at the end. */
export async function* mapAhead<In, Out>(
  source: AsyncGenerator<In, void, undefined>,
  options: AheadOptions<In>,
  work: (item: In) => Promise<Out>,
): AsyncGenerator<Out, void, undefined> {
  const pieces: Piece<Out>[] = [];
  let next: Promise<IteratorResult<In, void>> | undefined;
  let hasEnded = false;
  const hasRoom = (): boolean =>
    pieces.length < options.ahead && pieces.reduce((sum, { weight }) => sum + weight, 0) < options.weightMaximum;
  try {
    for (;;) {
      if (!hasEnded && !next && hasRoom()) next = handled(source.next());
      const [first] = pieces;
      if (!next) {
        if (!first) return;
        pieces.shift();
        yield await first.done;
      } else if (first && (await earlier(first.done, next)) === 'first') {
        pieces.shift();
        yield await first.done;
      } else {
        const item = await next;
        next = undefined;
        if (item.done) hasEnded = true;
        else pieces.push({ weight: options.weigh(item.value), done: handled(work(item.value)) });
      }
    }
  } finally {
    options.stop();
    await Promise.allSettled([...pieces.map(({ done }) => done), ...(next ? [next] : [])]);
    await source.return();
  }
}

/** Which of the two settles first, however it settles. */
async function earlier(first: Promise<unknown>, second: Promise<unknown>): Promise<'first' | 'second'> {
  const name = <Name>(promise: Promise<unknown>, value: Name): Promise<Name> =>
    promise.then(
      () => value,
      () => value,
    );
  return Promise.race([name(first, 'first' as const), name(second, 'second' as const)]);
}

/** Marks a promise as handled: it is awaited later, in its turn. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
