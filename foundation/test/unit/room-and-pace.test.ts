// Room is held for what has arrived; bytes must keep coming; who comes in when many come.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arrivals, later, NetworkBudget, Pace, Reservations } from '../../src/index.js';
import { RATE_MINIMUM_BYTES, STALL_MAXIMUM_MS } from '../../src/pace.js';

describe('room', () => {
  it('is not held by what was only announced', () => {
    const room = new Reservations(() => 100);
    for (let count = 0; count < 10; count++) expect(room.hasRoom(100)).toBe(true);
    expect(room.hasRoom(101)).toBe(false);
  });

  it('ends with its request, or stays until the next reading', () => {
    let freeBytes = 100;
    const room = new Reservations(() => freeBytes);
    const [failed, kept] = [room.begin(), room.begin()];
    expect(failed.grow(60)).toBe(true);
    expect(kept.grow(41)).toBe(false);
    failed.end();
    failed.end();
    expect(kept.grow(41)).toBe(true);
    kept.keep();
    kept.end();
    expect(room.hasRoom(60)).toBe(false);
    freeBytes = 59;
    room.settle();
    expect(room.hasRoom(59)).toBe(true);
  });

  it('held is what open requests have brought, whatever the order', () => {
    const step = fc.record({
      at: fc.nat(4),
      what: fc.constantFrom('grow', 'grow', 'end', 'settle'),
      bytes: fc.nat(50),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const room = new Reservations(() => 100);
        let requests = Array.from({ length: 5 }, () => ({ room: room.begin(), bytes: 0 }));
        for (const { at, what, bytes } of steps) {
          const request = requests[at];
          if (what === 'settle') {
            room.settle();
            requests = requests.map((each) => ({ ...each, bytes: 0 }));
          } else if (what === 'end') {
            request?.room.end();
            requests[at] = { room: room.begin(), bytes: 0 };
          } else if (request?.room.grow(bytes)) request.bytes += bytes;
          expect(room.heldBytes).toBe(requests.reduce((sum, each) => sum + each.bytes, 0));
          expect(room.heldBytes).toBeLessThanOrEqual(100);
        }
      }),
    );
  });
});

describe('the pace', () => {
  it('of a line of 64 kbit/s is kept, in parts as large as they may come', () => {
    const pace = new Pace(0);
    const bytesPerSecond = 8000;
    for (let sentBytes = 0, nowMs = 0; sentBytes < 2 ** 20; ) {
      const partBytes = 16_384;
      nowMs += (partBytes / bytesPerSecond) * 1000;
      expect(pace.isTooSlow(nowMs)).toBe(false);
      pace.note(partBytes, nowMs);
      sentBytes += partBytes;
    }
  });

  it('of somebody who stalls is not, however much came before', () => {
    const pace = new Pace(0);
    pace.note(2 ** 24, 1000);
    expect(pace.isTooSlow(1000 + STALL_MAXIMUM_MS)).toBe(false);
    expect(pace.isTooSlow(1001 + STALL_MAXIMUM_MS)).toBe(true);
  });

  it('of somebody who drips is not', () => {
    const pace = new Pace(0);
    const isEnded = Array.from({ length: 60 }, (_, second) => {
      pace.note(RATE_MINIMUM_BYTES / 4, second * 1000);
      return pace.isTooSlow(second * 1000);
    });
    expect(isEnded.at(-1)).toBe(true);
  });

  it('counts no time in which nobody read', () => {
    const pace = new Pace(0);
    pace.resume(1_000_000);
    expect(pace.isTooSlow(1_000_000 + STALL_MAXIMUM_MS)).toBe(false);
  });
});

describe('arrivals', () => {
  const open = (perSecond: number) => {
    const networks = new NetworkBudget({ perSecond: 10, burst: 600 });
    const arrivals = new Arrivals({ perSecond, burst: perSecond }, networks, { nowMs: 0, random: () => 0.5 });
    return (address: string, strain = 0) => {
      networks.take(address, 0);
      return arrivals.ask(address, strain, 0);
    };
  };

  it('are told later when there are too many, but not those from networks that brought few', () => {
    const ask = open(20);
    const waits = Array.from({ length: 500 }, () => ask('10.0.0.1'));
    expect(waits.slice(0, 10).every((waitMs) => waitMs === 0)).toBe(true);
    expect(waits.at(-1)).toBeGreaterThan(1000);
    for (let network = 1; network < 64; network++) expect(ask(`10.0.${network}.1`)).toBe(0);
  });

  it('are told later when it is hard for other reasons', () => {
    const ask = open(1_000_000);
    for (let count = 0; count < 300; count++) expect(ask('10.0.0.1')).toBe(0);
    expect(ask('10.0.0.1', 0.8)).toBeGreaterThan(0);
    expect(ask('10.0.1.1', 1)).toBe(0);
  });

  it('are told different times', () => {
    expect(later(10, 0)).toBe(1000);
    expect(later(10, 0.999)).toBeGreaterThan(1900);
    expect(later(5000, 0.5)).toBe(7500);
  });
});
