// Handshakes under way are bounded for each address and for all; attempts have a rate.
import { expect, test } from 'vitest';
import {
  ATTEMPTS_PER_MINUTE,
  HandshakeBounds,
  PENDING_MAXIMUM,
  PENDING_PER_ADDRESS_MAXIMUM,
} from '../../../src/hosts/domain/handshake-bounds.js';

test('one address cannot take the places of all others, and gets its own back once only', () => {
  const bounds = new HandshakeBounds();
  const begun = Array.from({ length: PENDING_PER_ADDRESS_MAXIMUM }, () => bounds.begin('10.0.0.1', 0));
  expect(begun).not.toContain(null);
  expect(bounds.begin('10.0.0.1', 0)).toBeNull();
  expect(bounds.begin('10.0.0.2', 0)).not.toBeNull();
  begun[0]?.end();
  begun[0]?.end();
  expect(bounds.begin('10.0.0.1', 0)).not.toBeNull();
  expect(bounds.begin('10.0.0.1', 0)).toBeNull();
});

test('loopback may have all places, and no more', () => {
  const bounds = new HandshakeBounds();
  const begun = Array.from({ length: PENDING_MAXIMUM }, () => bounds.begin('127.0.0.1', 0));
  expect(begun).not.toContain(null);
  expect(bounds.begin('127.0.0.1', 0)).toBeNull();
  expect(bounds.begin('10.0.0.1', 0)).toBeNull();
});

test('an address that begins again and again has to wait', () => {
  const bounds = new HandshakeBounds();
  const attempt = (nowMs: number): boolean => {
    const begun = bounds.begin('10.0.0.1', nowMs);
    begun?.end();
    return begun !== null;
  };
  for (let count = 0; count < ATTEMPTS_PER_MINUTE; count++) expect(attempt(0)).toBe(true);
  expect(attempt(0)).toBe(false);
  expect(attempt(60_000 / ATTEMPTS_PER_MINUTE)).toBe(true);
});
