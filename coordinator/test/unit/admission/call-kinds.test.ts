// Which kind of call waits at which strain.
import { expect, test } from 'vitest';
import { type CallKind, heldBackMs } from '../../../src/admission/domain/call-kinds.js';

const waiting = (strain: number): CallKind[] =>
  (['write', 'upload', 'trusted', 'read'] as const).filter((kind) => heldBackMs(kind, strain) > 0);

test('kinds are held back one after the other, and two of them never', () => {
  expect([0, 0.2, 0.3, 0.7, 0.8, 1].map(waiting)).toEqual([
    ...[[], [], ['write'], ['write']],
    ...[
      ['write', 'upload'],
      ['write', 'upload'],
    ],
  ]);
});

test('the harder it is, the later they are to come', () => {
  expect(heldBackMs('write', 0.5)).toBeLessThan(heldBackMs('write', 1));
});
