// The byte string of a snapshot: a head that tells everything, then the bytes that it tells of (layout in CHAIN.md).
import { decodeDagCborStrictly, encodeDagCbor } from '@manyhands/contract';
import type { GrowingBytes } from '../files/byte-sequence.js';
import { contents } from '../files/growing-bytes.js';
import type { GuestState } from '../guest/guest.js';
import type { HostState } from '../host/host-state.js';
import { PAGE_BYTES } from '../pages/page-kernel.js';
import { hostRecord } from './host-record.js';
import { Reading } from './reading.js';
import { inputOf } from './restore-tree.js';

const SNAPSHOT_VERSION = 1;
/** «MHSN», then the length of the head, big-endian. */
const MAGIC = 0x4d48_534e;
const PREFIX_BYTES = 8;
const HASH_BYTES = 32;
const HEAD_KEYS = 12;
const reading = new Reading('MH-CKP-001');

/** Everything in a snapshot besides the host's state and the bytes. */
export type SnapshotHead = {
  /** Link 0 of the chain: names unit and build. */
  subject: Uint8Array;
  fuel: number;
  links: readonly Uint8Array[];
  guest: GuestState;
  memorySizeBytes: number;
};

export type SnapshotSource = SnapshotHead & {
  memory: Uint8Array;
  /** Numbers of the pages that are not all zeros, ascending. */
  filledPages: readonly number[];
  host: HostState;
  /** Unchanged inputs, which are not carried along. */
  inputs: ReadonlyMap<number, Uint8Array>;
};

/** The snapshot in pieces, many of them windows onto the program's memory: use them before the program runs on. */
export function snapshotParts(source: SnapshotSource): Uint8Array[] {
  const { host, memory, filledPages, inputs } = source;
  const carried: Uint8Array[] = [];
  const describe = (content: GrowingBytes): unknown => {
    const inode = inputOf(content, inputs);
    if (inode !== null) return ['input', inode];
    carried.push(contents(content));
    return content.sizeBytes;
  };
  const head = encodeDagCbor({
    version: SNAPSHOT_VERSION,
    subject: source.subject,
    fuel: source.fuel,
    links: joined(source.links),
    ...source.guest,
    memorySizeBytes: source.memorySizeBytes,
    filledPages: bitmapOf(filledPages, source.memorySizeBytes / PAGE_BYTES),
    stderrSizeBytes: host.stderrTail.sizeBytes,
    host: hostRecord(host, describe),
  });
  const prefix = new DataView(new ArrayBuffer(PREFIX_BYTES));
  prefix.setUint32(0, MAGIC);
  prefix.setUint32(4, head.length);
  const [stdout, ...files] = carried;
  const streams = [stdout ?? new Uint8Array(0), contents(host.stderrTail)];
  return [new Uint8Array(prefix.buffer), head, ...runsOf(memory, filledPages), ...streams, ...files];
}

/** One byte string of many; a loop, because there may be more pieces than a call has arguments. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** A snapshot whose form is in order; `take` hands out the contents one after the other. */
export type OpenSnapshot = SnapshotHead & {
  filledPages: readonly number[];
  /** Their bytes, one page after the other. */
  pages: Uint8Array;
  stderrSizeBytes: number;
  host: unknown;
  take(sizeBytes: number): Uint8Array;
  /** Refuses the snapshot when bytes are left over. */
  finish(): void;
};

/** Reads the head. Throws ManyhandsError MH-CKP-001 for anything malformed; what it says is for others to judge. */
export function openSnapshot(bytes: Uint8Array, memoryMaximumBytes: number): OpenSnapshot {
  reading.check(bytes.length >= PREFIX_BYTES, 'it is too short');
  const prefix = new DataView(bytes.buffer, bytes.byteOffset, PREFIX_BYTES);
  reading.check(prefix.getUint32(0) === MAGIC, 'it is not a snapshot');
  let at = PREFIX_BYTES;
  const take = (sizeBytes: number): Uint8Array => {
    reading.check(sizeBytes <= bytes.length - at, 'it is cut off');
    at += sizeBytes;
    return bytes.subarray(at - sizeBytes, at);
  };
  const head = decodeHead(take(prefix.getUint32(4)));
  reading.check(head.version === SNAPSHOT_VERSION, 'it is of another version');
  reading.check(Object.keys(head).length === HEAD_KEYS, 'its head holds something else');
  const memorySizeBytes = reading.integer(head.memorySizeBytes, 'the size of the memory', memoryMaximumBytes);
  reading.check(memorySizeBytes % 65_536 === 0, 'the size of the memory is not one');
  const filledPages = pagesOf(reading.bytes(head.filledPages, 'the map of pages'), memorySizeBytes / PAGE_BYTES);
  return {
    subject: reading.bytes(head.subject, 'the subject', HASH_BYTES),
    fuel: reading.integer(head.fuel, 'the fuel'),
    links: hashesOf(reading.bytes(head.links, 'the links')),
    guest: {
      phase: reading.integer(head.phase, 'the phase'),
      depth: reading.integer(head.depth, 'the depth'),
      globals: reading.bytes(head.globals, 'the globals'),
      stack: reading.bytes(head.stack, 'the stack'),
    },
    memorySizeBytes,
    filledPages,
    pages: take(filledPages.length * PAGE_BYTES),
    stderrSizeBytes: reading.integer(head.stderrSizeBytes, 'the size of stderr'),
    host: head.host,
    take,
    finish: () => reading.check(at === bytes.length, 'there is something behind its end'),
  };
}

function decodeHead(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let head: unknown;
  try {
    head = decodeDagCborStrictly(bytes);
  } catch {
    head = null;
  }
  if (typeof head !== 'object' || head === null || Array.isArray(head)) throw reading.refusal('its head is unreadable');
  return head as Readonly<Record<string, unknown>>;
}

function hashesOf(bytes: Uint8Array): Uint8Array[] {
  reading.check(bytes.length % HASH_BYTES === 0, 'a link is cut off');
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, index) =>
    bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
  );
}

/** Bit n of byte m stands for page 8m + n. */
function bitmapOf(pages: readonly number[], pageCount: number): Uint8Array {
  const bitmap = new Uint8Array(pageCount / 8);
  for (const page of pages) bitmap[page >> 3] = (bitmap[page >> 3] as number) | (1 << (page & 7));
  return bitmap;
}

function pagesOf(bitmap: Uint8Array, pageCount: number): number[] {
  reading.check(bitmap.length === pageCount / 8, 'the map of pages is not that of the memory');
  const pages: number[] = [];
  for (const [index, byte] of bitmap.entries())
    for (let bit = 0; byte >> bit > 0; bit++) if ((byte >> bit) & 1) pages.push(index * 8 + bit);
  return pages;
}

/** Windows onto pages, those next to each other as one. */
function runsOf(memory: Uint8Array, pages: readonly number[]): Uint8Array[] {
  const runs: Uint8Array[] = [];
  for (let index = 0; index < pages.length; ) {
    const first = pages[index] as number;
    let count = 1;
    while (pages[index + count] === first + count) count++;
    runs.push(memory.subarray(first * PAGE_BYTES, (first + count) * PAGE_BYTES));
    index += count;
  }
  return runs;
}
