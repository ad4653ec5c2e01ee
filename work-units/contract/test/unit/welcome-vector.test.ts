// The welcome as it goes over the wire, with the coordinator's time and without it, as older coordinators send it. Set MANYHANDS_WRITE_VECTORS=1 to write it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { decodeToWorker, encodeMessage, fromBase64Url, type MessageOf, toBase64Url } from '@manyhands/contract';
import { expect, test } from 'vitest';

const file = new URL('../../spec/vectors/welcome-v1.json', import.meta.url);
const hash = 'a'.repeat(52);
const older = {
  t: 'welcome',
  hostId: `host_${hash}`,
  accountId: `acct_${hash}`,
  pseudonym: 'calm-otter-1',
  accountLabel: null,
  protocol: 1,
  features: [],
  gatewayUrl: 'http://127.0.0.1:8421',
  overlay: null,
} as unknown as MessageOf<'welcome'>;
const messages = { older, withTime: { ...older, timeMs: 1_800_000_000_000 } };

test('welcome-v1.json', () => {
  const encoded = Object.fromEntries(
    Object.entries(messages).map(([name, message]) => [name, toBase64Url(encodeMessage(message))]),
  );
  if (process.env.MANYHANDS_WRITE_VECTORS === '1' && !existsSync(file))
    writeFileSync(file, `${JSON.stringify(encoded, null, 2)}\n`);
  const vector = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  expect(encoded).toEqual(vector);
  for (const [name, message] of Object.entries(messages))
    expect(decodeToWorker(fromBase64Url(vector[name] ?? ''))).toEqual({ ok: true, message });
});
