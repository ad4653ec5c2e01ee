// Writes DAG-CBOR (https://ipld.io/specs/codecs/dag-cbor/spec/): the one canonical encoding of a value without floats and links.

const FIRST_BUFFER_BYTES = 64 * 1024;
/** Text up to this length is tried as ASCII first, without a call of the encoder. */
const SHORT_TEXT_CHARACTERS = 64;

const utf8 = new TextEncoder();
/** Grows to the largest value written; writing is synchronous, so one is enough. */
let buffer = new Uint8Array(FIRST_BUFFER_BYTES);
let at = 0;

/** The encoding of a value. Throws SyntaxError on `undefined`, floats, and whatever else has no encoding. */
export function writeCbor(value: unknown): Uint8Array<ArrayBuffer> {
  at = 0;
  writeValue(value);
  return buffer.slice(0, at);
}

function writeValue(value: unknown): void {
  if (typeof value === 'number') writeNumber(value);
  else if (typeof value === 'string') writeText(value);
  else if (value === null) writeByte(0xf6);
  else if (typeof value === 'boolean') writeByte(value ? 0xf5 : 0xf4);
  else if (value instanceof Uint8Array) writeBytes(value);
  else if (Array.isArray(value)) writeArray(value);
  else if (typeof value === 'object') writeMap(value as Readonly<Record<string, unknown>>);
  else throw new SyntaxError(`a ${typeof value} has no encoding`);
}

function reserve(sizeBytes: number): void {
  if (at + sizeBytes <= buffer.length) return;
  const larger = new Uint8Array(Math.max(2 * buffer.length, at + sizeBytes));
  larger.set(buffer.subarray(0, at));
  buffer = larger;
}

function writeByte(byte: number): void {
  reserve(1);
  buffer[at++] = byte;
}

function writeHead(major: number, argument: number): void {
  reserve(9);
  const type = major << 5;
  if (argument < 24) buffer[at++] = type | argument;
  else if (argument < 0x100) writeBigEndian(type | 24, argument, 1);
  else if (argument < 0x10000) writeBigEndian(type | 25, argument, 2);
  else if (argument < 0x1_0000_0000) writeBigEndian(type | 26, argument, 4);
  else writeBigEndian(type | 27, argument, 8);
}

function writeBigEndian(first: number, argument: number, sizeBytes: number): void {
  buffer[at] = first;
  let rest = argument;
  for (let offset = sizeBytes; offset > 0; offset--) {
    buffer[at + offset] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  at += 1 + sizeBytes;
}

function writeNumber(value: number): void {
  if (!Number.isSafeInteger(value)) throw new SyntaxError('a number is not a safe integer');
  if (value >= 0) writeHead(0, value);
  else writeHead(1, -1 - value);
}

function writeBytes(value: Uint8Array): void {
  writeHead(2, value.length);
  reserve(value.length);
  buffer.set(value, at);
  at += value.length;
}

function writeText(text: string): void {
  if (text.length <= SHORT_TEXT_CHARACTERS && isAscii(text)) {
    writeHead(3, text.length);
    reserve(text.length);
    for (let index = 0; index < text.length; index++) buffer[at++] = text.charCodeAt(index);
    return;
  }
  const bytes = utf8.encode(text);
  writeHead(3, bytes.length);
  reserve(bytes.length);
  buffer.set(bytes, at);
  at += bytes.length;
}

function writeArray(array: readonly unknown[]): void {
  writeHead(4, array.length);
  for (let index = 0; index < array.length; index++) writeValue(array[index]);
}

function writeMap(map: Readonly<Record<string, unknown>>): void {
  const keys = Object.keys(map).sort(compareKeys);
  writeHead(5, keys.length);
  for (const key of keys) {
    writeText(key);
    writeValue(map[key]);
  }
}

/** Canonical order: shorter encodings first, then by their bytes. */
function compareKeys(left: string, right: string): number {
  if (isAscii(left) && isAscii(right)) {
    if (left.length !== right.length) return left.length - right.length;
    return left < right ? -1 : 1;
  }
  const leftBytes = utf8.encode(left);
  const rightBytes = utf8.encode(right);
  if (leftBytes.length !== rightBytes.length) return leftBytes.length - rightBytes.length;
  const at = leftBytes.findIndex((byte, index) => byte !== rightBytes[index]);
  return (leftBytes[at] ?? 0) - (rightBytes[at] ?? 0);
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false;
  return true;
}
