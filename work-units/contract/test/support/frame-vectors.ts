// Frames of one kind of message as versions write them, in spec/vectors: each is encoded so, and read as what it was. Set MANYHANDS_WRITE_VECTORS=1 to write a file
// that is not there yet.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import {
  encodeMessage,
  fromBase64Url,
  type MessageToCoordinator,
  type MessageToWorker,
  toBase64Url,
} from '@manyhands/contract';
import { expect } from 'vitest';

export function expectFrames<M extends MessageToCoordinator | MessageToWorker>(
  fileName: string,
  messages: Readonly<Record<string, M>>,
  decode: (frame: Uint8Array) => unknown,
): void {
  const file = new URL(`../../spec/vectors/${fileName}`, import.meta.url);
  const encoded = Object.fromEntries(
    Object.entries(messages).map(([name, message]) => [name, toBase64Url(encodeMessage(message))]),
  );
  if (process.env.MANYHANDS_WRITE_VECTORS === '1' && !existsSync(file))
    writeFileSync(file, `${JSON.stringify(encoded, null, 2)}\n`);
  const vector = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  expect(encoded).toEqual(vector);
  for (const [name, message] of Object.entries(messages))
    expect(decode(fromBase64Url(vector[name] ?? ''))).toEqual({ ok: true, message });
}
