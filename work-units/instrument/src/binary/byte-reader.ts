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
  skipSigned(bits: number): void {
    this.signed(bits);
  }

  /** A signed number of at most 33 bits: the type of a block. */
  s33(): number {
    return Number(this.signed(33));
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

  private signed(bits: number): bigint {
    let value = 0n;
    const lengthMaximum = Math.ceil(bits / 7);
    for (let index = 0; index < lengthMaximum; index++) {
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << BigInt(index * 7);
      if (byte >= 0x80) continue;
      const result = BigInt.asIntN((index + 1) * 7, value);
      return BigInt.asIntN(bits, result) === result ? result : malformed(`a number is longer than ${bits} bits`);
    }
    return malformed(`a number is longer than ${bits} bits`);
  }
}

function rethrow(error: unknown): never {
  throw error;
}
