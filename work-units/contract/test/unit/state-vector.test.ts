// What a worker says of itself as it goes over the wire, with the units that it computes and without, as older workers send it. Set
// MANYHANDS_WRITE_VECTORS=1 to write it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import {
  decodeToCoordinator,
  encodeMessage,
  fromBase64Url,
  type LeaseId,
  leaseIdOf,
  type MessageOf,
  toBase64Url,
  utf8Bytes,
} from '@manyhands/contract';
import { expect, test } from 'vitest';

const file = new URL('../../spec/vectors/state-v1.json', import.meta.url);
type State = MessageOf<'state'>;
const older: State = { t: 'state', state: 'working', runningUnits: 3 };
const [first, second] = ['a', 'b'].map((letter) => leaseIdOf(utf8Bytes(letter.repeat(16)))) as [LeaseId, LeaseId];
const computing: State['computing'] = [
  [
    first,
    [
      [7, 1],
      [1_000_000, 1],
    ],
  ],
  [second, [[8, 1]]],
];
const messages: Record<string, State> = {
  older,
  idle: { ...older, state: 'idle', runningUnits: 0, computing: [] },
  computing: { ...older, computing },
};

test('state-v1.json', () => {
  const encoded = Object.fromEntries(
    Object.entries(messages).map(([name, message]) => [name, toBase64Url(encodeMessage(message))]),
  );
  if (process.env.MANYHANDS_WRITE_VECTORS === '1' && !existsSync(file))
    writeFileSync(file, `${JSON.stringify(encoded, null, 2)}\n`);
  const vector = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  expect(encoded).toEqual(vector);
  for (const [name, message] of Object.entries(messages))
    expect(decodeToCoordinator(fromBase64Url(vector[name] ?? ''))).toEqual({ ok: true, message });
});
