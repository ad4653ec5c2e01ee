// A byte sequence that grows in place: file contents and standard output. Plain data; the bytes beyond the size are zero.

export type GrowingBytes = {
  /** May be longer than the contents. */
  bytes: Uint8Array;
  sizeBytes: number;
  /** Whether the bytes belong to somebody else and must be copied before the first change. */
  isBorrowed: boolean;
};
