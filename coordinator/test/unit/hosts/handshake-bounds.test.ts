// Handshakes under way are bounded for each address and for all; attempts have a rate; who is turned away hears which bound it was.
import { expect, test } from 'vitest';
import {
  ATTEMPTS_PER_MINUTE,
  HandshakeBounds,
  PENDING_MAXIMUM,
  PENDING_PER_ADDRESS_MAXIMUM,
} from '../../../src/hosts/domain/handshake-bounds.js';

/** null: admitted. */
const begin = (bounds: HandshakeBounds, address: string, nowMs = 0): { code: string | null; end(): void } => {
  const begun = bounds.begin(address, nowMs);
  return 'end' in begun ? { code: null, end: begun.end } : { code: begun.code, end: () => {} };
};

test('one address cannot take the places of all others, and gets its own back once only', () => {
  const bounds = new HandshakeBounds();
  const begun = Array.from({ length: PENDING_PER_ADDRESS_MAXIMUM }, () => begin(bounds, '10.0.0.1'));
  expect(begun.every(({ code }) => code === null)).toBe(true);
  expect(begin(bounds, '10.0.0.1').code).toBe('MH-GEN-012');
  expect(begin(bounds, '10.0.0.2').code).toBeNull();
  begun[0]?.end();
  begun[0]?.end();
  expect(begin(bounds, '10.0.0.1').code).toBeNull();
  expect(begin(bounds, '10.0.0.1').code).toBe('MH-GEN-012');
});

test('a /64 of IPv6 counts as one address, and one of IPv4 the same whichever kind of socket it comes by', () => {
  const bounds = new HandshakeBounds();
  for (let count = 0; count < PENDING_PER_ADDRESS_MAXIMUM; count++) {
    expect(begin(bounds, `2001:db8:0:1::${count.toString(16)}`).code).toBeNull();
    expect(begin(bounds, count % 2 ? '192.0.2.1' : '::ffff:192.0.2.1').code).toBeNull();
  }
  expect(begin(bounds, '2001:db8::1:ffff:0:0:1').code).toBe('MH-GEN-012');
  expect(begin(bounds, '2001:db8:0:2::1').code).toBeNull();
  expect(begin(bounds, '192.0.2.1').code).toBe('MH-GEN-012');
});

test('loopback may have all places, and no more', () => {
  const bounds = new HandshakeBounds();
  const begun = Array.from({ length: PENDING_MAXIMUM }, () => begin(bounds, '127.0.0.1'));
  expect(begun.every(({ code }) => code === null)).toBe(true);
  expect(begin(bounds, '127.0.0.1').code).toBe('MH-WIR-004');
  expect(begin(bounds, '10.0.0.1').code).toBe('MH-WIR-004');
});

test('an address that begins again and again has to wait', () => {
  const bounds = new HandshakeBounds();
  const attempt = (nowMs: number): boolean => {
    const { code, end } = begin(bounds, '10.0.0.1', nowMs);
    end();
    return code === null;
  };
  for (let count = 0; count < ATTEMPTS_PER_MINUTE; count++) expect(attempt(0)).toBe(true);
  expect(attempt(0)).toBe(false);
  expect(attempt(60_000 / ATTEMPTS_PER_MINUTE)).toBe(true);
});
