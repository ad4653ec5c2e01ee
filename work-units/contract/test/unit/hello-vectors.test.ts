// Frames of `hello` as versions write them: with `instance`, and without it as older workers do. Both are read, and written the same.
import { readFileSync } from 'node:fs';
import { decodeToCoordinator, encodeMessage, fromBase64Url, type MessageOf, toBase64Url } from '@manyhands/contract';
import { expect, test } from 'vitest';

type Vector = { what: string; frame: string };

const vectors = JSON.parse(readFileSync(new URL('../../spec/vectors/hello.json', import.meta.url), 'utf8')) as Vector[];

const bytes = (length: number, first: number) => Uint8Array.from({ length }, (_, index) => first + index);
const older: MessageOf<'hello'> = {
  t: 'hello',
  protocolMinimum: 1,
  protocolMaximum: 1,
  features: [],
  clientVersion: '0.1.0',
  hostKey: bytes(32, 1),
  nonce: bytes(16, 100),
};
const messages: Record<string, MessageOf<'hello'>> = {
  'without instance': older,
  'with instance': { ...older, instance: bytes(16, 200) },
};

test('each has its vector', () => expect(vectors.map(({ what }) => what)).toEqual(Object.keys(messages)));

test.for(vectors)('$what', ({ what, frame }) => {
  const message = messages[what] as MessageOf<'hello'>;
  expect(toBase64Url(encodeMessage(message))).toBe(frame);
  expect(decodeToCoordinator(fromBase64Url(frame))).toMatchObject({ ok: true, message });
});
