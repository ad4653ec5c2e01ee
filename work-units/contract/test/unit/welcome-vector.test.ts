// The welcome as it goes over the wire, with the coordinator's time and without it, as older coordinators send it.
import { decodeToWorker, type MessageOf } from '@manyhands/contract';
import { test } from 'vitest';
import { expectFrames } from '../support/frame-vectors.js';

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
  expectFrames('welcome-v1.json', messages, decodeToWorker);
});
