// Small parts of the control client: frame budgets, receipts, addresses, the mirror of the executor's cache.
import { hostProofSchema, keyPairOfSeed, MESSAGES, open, receiptSchema } from '@manyhands/contract';
import { expect, test } from 'vitest';
import { webSocketUrlOf } from '../../src/control/control-client.js';
import { FrameBudget } from '../../src/control/frame-budget.js';
import { proveMessage } from '../../src/control/host-proof.js';
import { receiptsMessage } from '../../src/control/receipts.js';
import { endOf } from '../../src/daemon/running-worker.js';
import { listenHostsFor } from '../../src/data-plane/data-plane.js';
import { BlobMirror } from '../../src/executor/daemon/blob-mirror.js';
import { coordinatorId, hostKey, leaseOf, OPTIONS } from '../support/identities.js';

const signer = { coordinatorId, hostId: OPTIONS.hostId, keyPair: hostKey };

test('a message type has its minute, and no more', () => {
  const budget = new FrameBudget();
  const { perMinute } = MESSAGES.welcome;
  for (let count = 0; count < perMinute; count++) expect(budget.take('welcome', 0)).toBe(true);
  expect(budget.take('welcome', 0)).toBe(false);
  expect(budget.take('ack', 0)).toBe(true);
  expect(budget.take('welcome', 60_000 / perMinute + 1)).toBe(true);
});

test('a receipt is signed over exactly the results, with small bundles beside it', () => {
  const base = { leaseId: leaseOf(1, [[0, 2]]).leaseId, isKept: false };
  const proof = { fuel: 2 ** 50, markCount: 9, chainRoot: new Uint8Array(32).fill(2) };
  const success = {
    ...{ kind: 'success' as const, digest: new Uint8Array(32).fill(1), bundleBytes: 3, elapsedMs: 7 },
    ...proof,
  } as const;
  const failure = {
    kind: 'host-failure',
    code: 'MH-HOST-003',
    exitCode: null,
    message: 'm'.repeat(900),
    stderrTail: 's'.repeat(9000),
    elapsedMs: 1,
    ...{ fuel: 0, markCount: 0, chainRoot: null },
  } as const;
  const message = receiptsMessage(
    4,
    {
      lease: leaseOf(1, [[0, 2]]),
      results: [
        { ...base, index: 0, ending: success, inlineBundle: new Uint8Array(3) },
        { ...base, index: 1, ending: failure, inlineBundle: undefined },
      ],
    },
    signer,
  );
  expect(MESSAGES.receipts.schema.safeParse(message).success).toBe(true);
  expect(message.bundles).toEqual([[0, new Uint8Array(3)]]);
  const opened = open(
    message.envelope,
    { type: 'receipt', coordinatorId },
    { schema: receiptSchema, publicKey: hostKey.publicKey },
  );
  if (!opened.ok) throw new Error(opened.reason);
  expect(opened.value.successes).toEqual([[0, success.digest, 3, 7, 2 ** 50, 9, proof.chainRoot]]);
  expect(opened.value).toMatchObject({ appVersionId: leaseOf(1, []).appVersionId, build: 'nonleaf' });
  expect(opened.value.engine).toBe(`V8 ${process.versions.v8} ${process.arch}`);
  expect(opened.value.failures).toMatchObject([{ index: 1, code: 'MH-HOST-003', kind: 'host-failure' }]);
  expect(opened.value.failures[0]?.stderrTail).toHaveLength(4096);
});

test('the proof names what the host lends, over the coordinator’s nonce', () => {
  const coordinatorNonce = new Uint8Array(16).fill(3);
  const offer = { cores: 2, memoryBytes: 5000 };
  const { envelope, binding } = proveMessage({ coordinatorNonce, binding: { kind: 'keep' }, offer }, signer);
  const opened = open(
    envelope,
    { type: 'host-proof', coordinatorId },
    { schema: hostProofSchema, publicKey: hostKey.publicKey },
  );
  expect(opened).toMatchObject({ ok: true, value: { ...offer, coordinatorNonce } });
  expect(binding).toEqual({ kind: 'keep' });
  const other = open(
    envelope,
    { type: 'host-proof', coordinatorId },
    { schema: hostProofSchema, publicKey: keyPairOfSeed(new Uint8Array(32)).publicKey },
  );
  expect(other.ok).toBe(false);
});

test('addresses', () => {
  expect(webSocketUrlOf('https://x.example:1')).toBe('wss://x.example:1/api/v1/worker');
  expect(listenHostsFor('http://127.0.0.1:8420')).toEqual(['127.0.0.1']);
  expect(listenHostsFor('http://[::1]:8420')).toEqual(['::1']);
  expect(listenHostsFor('https://hands.example.org')).toContain('0.0.0.0');
});

test('the mirror forgets the least recently used, never what runs', () => {
  const mirror = new BlobMirror(100);
  const blob = (name: string) => ({ name, sizeBytes: 60 });
  expect(mirror.use([blob('a')])).toEqual([]);
  expect(mirror.use([blob('b')])).toEqual([]); // both run: over the capacity, yet kept
  mirror.release([blob('a')]);
  expect(mirror.use([blob('c')])).toEqual(['a']);
  expect(mirror.has('a')).toBe(false);
  expect(mirror.has('b')).toBe(true);
  mirror.clear();
  expect(mirror.has('b')).toBe(false);
});

test.for([
  [null, 0],
  ['MH-SIG-007', 2],
  ['MH-WIR-002', 2],
  ['MH-GEN-010', 3],
  ['MH-GEN-001', 70],
] as const)('an end with %s has exit code %i', ([code, exitCode]) => {
  expect(endOf({ reason: 'x', code, isFinished: false }).exitCode).toBe(exitCode);
});
