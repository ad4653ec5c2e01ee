// Loads a part of the pages, again and again while the coordinator is away. Pure but for what it is given.

/** How a part stands. `waiting`: nobody answers, it is tried again; `renewed`: the coordinator answers, but has this part no more. */
export type PartState<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'renewed' }
  | { readonly kind: 'ready'; readonly part: T };

export type PartSource<T> = {
  readonly load: () => Promise<T>;
  /** Whether the coordinator answers at all. */
  readonly isAnswering: () => Promise<boolean>;
  /** Resolves after a while, or at once when the reader asks. */
  readonly pause: (durationMs: number) => Promise<void>;
};

const FIRST_PAUSE_MS = 2000;
const PAUSE_MAXIMUM_MS = 30_000;

/** The states of a part, one after another, until it is ready or will never be. */
export async function* watchPart<T>({ load, isAnswering, pause }: PartSource<T>): AsyncGenerator<PartState<T>, void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      yield { kind: 'ready', part: await load() };
      return;
    } catch {
      if (attempt > 0 && (await isAnswering())) {
        // What failed may have failed before the coordinator came back. A part that fails once more is gone: the pages
        // were renewed while this one was open.
        yield await load().then(
          (part): PartState<T> => ({ kind: 'ready', part }),
          (): PartState<T> => ({ kind: 'renewed' }),
        );
        return;
      }
      yield { kind: 'waiting' };
      await pause(Math.min(FIRST_PAUSE_MS * 2 ** attempt, PAUSE_MAXIMUM_MS));
    }
  }
}
