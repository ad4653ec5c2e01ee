// Verifies a bundle as it comes, so that a large one never lies in memory as a whole. Takes exactly what `openBundle` takes.
import { concatBytes, equalBytes } from '../encoding/bytes.js';
import { type Cid, createRawCid } from '../ids/cid.js';
import { FILES_PER_UNIT_MAXIMUM } from '../limits.js';
import { digestResult, type ResultRecord, readBundleRecord } from './result.js';

const LENGTH_BYTES = 4;
/** Room for the record of as many files as there may be, with the longest names. */
const RECORD_MAXIMUM_BYTES = (FILES_PER_UNIT_MAXIMUM + 1) * 8192;

type Section = { cid: Cid; leftBytes: number };
export type BundleCheck = {
  /** Takes the next bytes. */
  update(bytes: Uint8Array): void;
  /** Whether all that came is exactly the result of the digest. Call it once, at the end. */
  isRight(): boolean;
};

/** Begins to check a bundle against the digest of its result. */
export function createBundleCheck(digest: Uint8Array): BundleCheck {
  const head = new Head(digest);
  let sections: Sections | undefined;
  let isWrong = false;
  return {
    update: (bytes) => {
      if (isWrong) return;
      if (!sections) {
        const read = head.take(bytes);
        if (read === 'wrong') isWrong = true;
        if (read === 'wrong' || read === 'more') return;
        sections = new Sections(read.record);
        isWrong = !sections.take(read.rest);
      } else isWrong = !sections.take(bytes);
    },
    isRight: () => !isWrong && sections?.isEmpty() === true,
  };
}

/** The length and the record, which say what follows. */
class Head {
  private held: Uint8Array = new Uint8Array();

  constructor(private readonly digest: Uint8Array) {}

  take(bytes: Uint8Array): 'more' | 'wrong' | { record: ResultRecord; rest: Uint8Array } {
    this.held = concatBytes(this.held, bytes);
    if (this.held.length < LENGTH_BYTES) return 'more';
    const recordBytes = new DataView(this.held.buffer, this.held.byteOffset).getUint32(0);
    if (recordBytes > RECORD_MAXIMUM_BYTES) return 'wrong';
    if (this.held.length < LENGTH_BYTES + recordBytes) return 'more';
    const record = readBundleRecord(this.held);
    if (!record || !equalBytes(digestResult(record), this.digest)) return 'wrong';
    return { record, rest: this.held.subarray(LENGTH_BYTES + recordBytes) };
  }
}

/** Standard output and the files that exist, one after the other. */
class Sections {
  private readonly left: Section[];
  private hash = createRawCid();

  constructor({ stdout, files }: ResultRecord) {
    const written = files.flatMap(({ cid, sizeBytes }) => (cid === null ? [] : [{ cid, leftBytes: sizeBytes }]));
    this.left = [{ cid: stdout.cid, leftBytes: stdout.sizeBytes }, ...written];
  }

  /** False when they are not what the record says. */
  take(bytes: Uint8Array): boolean {
    let rest = bytes;
    for (;;) {
      const [section] = this.left;
      if (!section) return rest.length === 0;
      const piece = rest.subarray(0, section.leftBytes);
      this.hash.update(piece);
      section.leftBytes -= piece.length;
      rest = rest.subarray(piece.length);
      if (section.leftBytes > 0) return true;
      if (this.hash.cid() !== section.cid) return false;
      this.left.shift();
      this.hash = createRawCid();
    }
  }

  isEmpty(): boolean {
    return this.left.length === 0;
  }
}
