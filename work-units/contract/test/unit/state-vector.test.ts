// What a worker says of itself as it goes over the wire, with the units that it computes and without, as older workers send it.
import { decodeToCoordinator, type LeaseId, leaseIdOf, type MessageOf, utf8Bytes } from '@manyhands/contract';
import { test } from 'vitest';
import { expectFrames } from '../support/frame-vectors.js';

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
  expectFrames('state-v1.json', messages, decodeToCoordinator);
});
