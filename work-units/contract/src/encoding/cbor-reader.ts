// Reads DAG-CBOR (https://ipld.io/specs/codecs/dag-cbor/spec/) in one pass: definite lengths, shortest heads, text keys, no floats, no links.
// Written for this subset because every message and signature passes through it; the tests compare it with another implementation.

/** Nothing of ours nests deeper; the bound keeps hostile frames off the stack. */
const DEPTH_MAXIMUM = 64;
/** Short text is built from its codes, which is faster than a decoder call. */
const SHORT_TEXT_BYTES = 64;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether map keys must be in the canonical order: shorter ones first, then by their bytes. */
export type KeyOrder = 'canonical' | 'any';

/** Reads one value that fills `bytes`. Throws SyntaxError on anything else. Byte strings are copies. */
export function readCbor(bytes: Uint8Array, keyOrder: KeyOrder): unknown {
  // A Node Buffer's slice() would share memory, and its methods make Buffers.
  const plain = bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const reader = new Reader(plain, keyOrder === 'canonical');
  const value = reader.value(0);
  if (reader.at !== bytes.length) throw new SyntaxError('bytes after the value');
  return value;
}

class Reader {
  at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly isCanonical: boolean,
  ) {}

  value(depth: number): unknown {
    if (depth > DEPTH_MAXIMUM) throw new SyntaxError('nested too deeply');
    const first = this.byte();
    switch (first >> 5) {
      case 0:
        return this.argument(first);
      case 1:
        return this.negative(first);
      case 2:
        return this.byteString(first);
      case 3:
        return this.text(this.length(first));
      case 4:
        return this.array(this.length(first), depth);
      case 5:
        return this.map(this.length(first), depth);
      default:
        return simpleValue(first);
    }
  }

  private byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new SyntaxError('the value is cut off');
    return byte;
  }

  /** The number in a head, which must have its shortest form. */
  private argument(first: number): number {
    const info = first & 31;
    if (info < 24) return info;
    if (info > 27) throw new SyntaxError('indefinite lengths are not allowed');
    const sizeBytes = 1 << (info - 24);
    let value = 0;
    for (let count = 0; count < sizeBytes; count++) value = value * 256 + this.byte();
    const least = info === 24 ? 24 : 2 ** (4 * sizeBytes);
    if (value < least) throw new SyntaxError('a number is not in its shortest form');
    if (value > Number.MAX_SAFE_INTEGER) throw new SyntaxError('a number is not a safe integer');
    return value;
  }

  private negative(first: number): number {
    const value = -1 - this.argument(first);
    if (!Number.isSafeInteger(value)) throw new SyntaxError('a number is not a safe integer');
    return value;
  }

  /** A length, of which at least as many bytes must follow. */
  private length(first: number): number {
    const length = this.argument(first);
    if (length > this.bytes.length - this.at) throw new SyntaxError('the value is cut off');
    return length;
  }

  private byteString(first: number): Uint8Array {
    const length = this.length(first);
    const from = this.at;
    this.at += length;
    return this.bytes.slice(from, this.at);
  }

  private text(length: number): string {
    const from = this.at;
    this.at += length;
    if (length <= SHORT_TEXT_BYTES) {
      let isAscii = true;
      for (let at = from; at < this.at && isAscii; at++) isAscii = (this.bytes[at] ?? 255) < 128;
      if (isAscii) return String.fromCharCode.apply(null, this.bytes.subarray(from, this.at) as unknown as number[]);
    }
    return decodeText(this.bytes.subarray(from, this.at));
  }

  private array(length: number, depth: number): unknown[] {
    const array: unknown[] = [];
    for (let count = 0; count < length; count++) array.push(this.value(depth + 1));
    return array;
  }

  private map(length: number, depth: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    let lastFrom = 0;
    let lastTo = 0;
    for (let count = 0; count < length; count++) {
      const first = this.byte();
      if (first >> 5 !== 3) throw new SyntaxError('a key is not text');
      const keyLength = this.length(first);
      const from = this.at;
      const key = this.text(keyLength);
      if (this.isCanonical && count > 0 && !this.isAscending(lastFrom, lastTo, from))
        throw new SyntaxError('the keys are not in canonical order');
      if (!this.isCanonical && Object.hasOwn(map, key)) throw new SyntaxError('a key comes twice');
      lastFrom = from;
      lastTo = this.at;
      const value = this.value(depth + 1);
      if (key === '__proto__') Object.defineProperty(map, key, { value, ...PLAIN_PROPERTY });
      else map[key] = value;
    }
    return map;
  }

  /** Whether the key from `from` up to here sorts after the one between `lastFrom` and `lastTo`. */
  private isAscending(lastFrom: number, lastTo: number, from: number): boolean {
    const length = this.at - from;
    const lastLength = lastTo - lastFrom;
    if (length !== lastLength) return length > lastLength;
    for (let offset = 0; offset < length; offset++) {
      const difference = (this.bytes[from + offset] ?? 0) - (this.bytes[lastFrom + offset] ?? 0);
      if (difference !== 0) return difference > 0;
    }
    return false;
  }
}

const PLAIN_PROPERTY = { enumerable: true, configurable: true, writable: true } as const;

function simpleValue(first: number): boolean | null {
  if (first === 0xf4) return false;
  if (first === 0xf5) return true;
  if (first === 0xf6) return null;
  throw new SyntaxError('floats, tags and undefined are not allowed');
}

function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new SyntaxError('text is not UTF-8');
  }
}
