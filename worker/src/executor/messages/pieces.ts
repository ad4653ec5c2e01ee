// Snapshots travel between the processes in pieces, so that neither side ever holds more than a few of them beside its own copy.

export const PIECE_BYTES = 1024 * 1024;
/** Pieces on their way at a time: hides the round trip. */
export const PIECES_AHEAD = 4;

/** Cuts bytes into pieces. They are copies: a view would carry its whole buffer along. */
export function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += PIECE_BYTES) yield bytes.slice(offset, offset + PIECE_BYTES);
}

/** Puts pieces together again. */
export class PieceCollector {
  #pieces: Uint8Array[] = [];
  #sizeBytes = 0;

  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#sizeBytes += piece.length;
  }

  /** All of them as one, in memory of its own that can be transferred. */
  take(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#sizeBytes);
    let offset = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, offset);
      offset += piece.length;
    }
    this.#pieces = [];
    this.#sizeBytes = 0;
    return whole;
  }
}
