// Reads the WebAssembly binary format strictly: nothing beyond the end, no over-long numbers, only valid UTF-8.
import { malformed } from '../refusal.js';

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class ByteReader {
  position = 0;

  constructor(readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.position === this.bytes.length;
  }

  u8(): number {
    const byte = this.bytes[this.position];
    if (byte === undefined) return malformed('it ends too early');
    this.position++;
    return byte;
  }

  /** A window, not a copy. */
  take(length: number): Uint8Array {
    if (length > this.bytes.length - this.position) malformed('it ends too early');
    const start = this.position;
    this.position += length;
    return this.bytes.subarray(start, this.position);
  }

  /** An unsigned number of at most 32 bits in LEB128. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      if (shift === 28 && byte > 0x0f) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return malformed('a number is longer than 32 bits');
  }

  /** A signed number of at most `bits` bits in LEB128 whose value does not matter here. */
  skipSigned(bits: 32 | 64): void {
    const lengthMaximum = Math.ceil(bits / 7);
    for (let length = 1; length < lengthMaximum; length++) if (this.u8() < 0x80) return;
    this.checkSignExtension(this.u8(), bits - 7 * (lengthMaximum - 1));
  }

  /** A signed number of at most 33 bits: the type of a block. */
  s33(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 28; scale *= 128) {
      const byte = this.u8();
      if (scale === 2 ** 28) this.checkSignExtension(byte, 5);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return byte < 0x40 ? value : value - 128 * scale;
    }
    return malformed('a number is too long');
  }

  name(): string {
    const length = this.u32();
    try {
      return strictDecoder.decode(this.take(length));
    } catch (error) {
      return error instanceof TypeError ? malformed('a name is not UTF-8') : rethrow(error);
    }
  }

  /** Reads a counted list. */
  list<T>(read: (index: number) => T, check: (count: number) => void): T[] {
    const count = this.u32();
    check(count);
    const items: T[] = [];
    for (let index = 0; index < count; index++) items.push(read(index));
    return items;
  }

  /** The last byte of a number holds `valueBits` of it; what is above must repeat the sign. */
  private checkSignExtension(byte: number, valueBits: number): void {
    const high = byte >> (valueBits - 1);
    if (byte >= 0x80 || (high !== 0 && high !== 0x7f >> (valueBits - 1))) malformed('a number is too long');
  }
}

function rethrow(error: unknown): never {
  throw error;
}
