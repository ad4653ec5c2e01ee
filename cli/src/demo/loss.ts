// Those who work for the demo may end before the work does: then nobody would finish it, and waiting is of no use.
import type { Child } from './processes.js';

/** Aborts, for what the last of them said, when fewer than `needed` of the children are left. */
export function lossOf(children: readonly Child[], needed: number): AbortSignal {
  const controller = new AbortController();
  let left = children.length;
  for (const child of children)
    void child.ended.then((error) => {
      left -= 1;
      if (left < needed) controller.abort(error);
    });
  return controller.signal;
}
