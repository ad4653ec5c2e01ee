// Which calls wait when the event loop is late: each kind from another strain on. Handshakes of newcomers wait before all of them.

/**
 * `read`: pages and public answers, whose costs are shared out elsewhere. `trusted`: writes and uploads of a project, and the operator's. `upload`: results
 * and checkpoints, which their workers keep until they are taken. `write`: of everybody else.
 */
export type CallKind = 'read' | 'trusted' | 'upload' | 'write';

/** From here on a call is told to come later, before its body is read. Not in the list: never. */
const HELD_BACK_FROM: Readonly<Partial<Record<CallKind, number>>> = { write: 0.25, upload: 0.75 };
/** The wait at the greatest strain, before the jitter. */
const HELD_BACK_MAXIMUM_MS = 10_000;

/** Milliseconds after which to come again, before the jitter; 0: it may go on. `strain`: from 0 to 1, see strain.ts. */
export function heldBackMs(kind: CallKind, strain: number): number {
  const from = HELD_BACK_FROM[kind];
  return from === undefined || strain < from ? 0 : strain * HELD_BACK_MAXIMUM_MS;
}
