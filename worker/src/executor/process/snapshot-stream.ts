// Sends snapshots from the executor to the daemon in pieces, a few ahead; the results of a run wait until its snapshot has arrived.
import type { FromExecutor, SnapshotHead } from '../messages/messages.js';
import { PIECES_AHEAD, piecesOf } from '../messages/pieces.js';

type Stream = { pieces: Generator<Uint8Array>; isSent: boolean; afterwards: (() => void)[] };

export class SnapshotStreams {
  readonly #streams = new Map<number, Stream>();
  readonly #say: (message: FromExecutor) => void;

  constructor(say: (message: FromExecutor) => void) {
    this.#say = say;
  }

  begin(id: number, head: SnapshotHead, bytes: Uint8Array): void {
    this.#streams.set(id, { pieces: piecesOf(bytes), isSent: false, afterwards: [] });
    this.#say({ kind: 'snapshot', id, head });
    for (let count = 0; count < PIECES_AHEAD; count++) this.more(id);
  }

  /** The daemon has room for one more piece. */
  more(id: number): void {
    const stream = this.#streams.get(id);
    if (!stream || stream.isSent) return;
    const { done, value } = stream.pieces.next();
    if (done) stream.isSent = true;
    else this.#say({ kind: 'piece', id, bytes: value });
  }

  /** The daemon has it, or does not want it. */
  kept(id: number): void {
    const stream = this.#streams.get(id);
    this.#streams.delete(id);
    for (const act of stream?.afterwards ?? []) act();
  }

  /** Acts once no snapshot of the run is on its way. */
  after(id: number, act: () => void): void {
    const stream = this.#streams.get(id);
    if (stream) stream.afterwards.push(act);
    else act();
  }

  /** The run has a result: what it saved on the way is not needed any more. */
  drop(id: number): void {
    this.kept(id);
  }
}
