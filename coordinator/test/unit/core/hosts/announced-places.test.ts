// What the coordinator makes of announced addresses: which it passes on to whom, how often, and where it looks itself.
import { expect, test } from 'vitest';
import { type AnnouncedPlace, mayBePassedOn, placesOf } from '../../../../src/core/hosts/domain/announced-places.js';
import { DialBackBounds } from '../../../../src/core/hosts/domain/dial-back-bounds.js';
import { HandOuts } from '../../../../src/core/hosts/domain/hand-outs.js';

const MINUTE_MS = 60_000;
const placeAt = (host: string, origin: string, port = 9): AnnouncedPlace => {
  const [place] = placesOf([`/${host.includes(':') ? 'ip6' : 'ip4'}/${host}/tcp/${port}`], origin);
  if (!place) throw new Error(`${host} is no place`);
  return place;
};

test('places: each once, the own ones first, nothing special and no names', () => {
  const addresses = ['/ip4/10.0.0.5/tcp/9', '/ip4/192.0.2.7/tcp/9', '/ip4/192.0.2.7/tcp/9', '/ip6/2001:DB8::7/tcp/9'];
  const others = ['/dns/victim.example/tcp/80', '/ip4/0.0.0.0/tcp/9', '/ip4/224.0.0.1/tcp/9', '/ip6/64:ff9b::1/tcp/9'];
  expect(placesOf([...addresses, ...others], '192.0.2.7').map(({ address }) => address)).toEqual([
    '/ip4/192.0.2.7/tcp/9',
    '/ip4/10.0.0.5/tcp/9',
    '/ip6/2001:db8::7/tcp/9',
  ]);
  expect(placeAt('192.0.2.7', '::ffff:192.0.2.7').isOwn).toBe(true);
});

test.each([
  // place, connection from, asked from, passed on unseen, passed on once found
  ['192.0.2.7', '192.0.2.7', '198.51.100.1', true, true],
  ['192.0.2.7', '192.0.2.8', '198.51.100.1', false, true],
  ['192.0.2.7', '192.0.2.8', '192.0.2.8', false, true],
  ['2001:db8::7', '2001:db8::7', '192.0.2.1', true, true],
  ['2001:db8::7', '2001:db8::8', '192.0.2.1', false, true],
  // Behind one public address.
  ['10.0.0.5', '192.0.2.7', '192.0.2.7', true, true],
  ['10.0.0.5', '192.0.2.7', '192.0.2.8', false, false],
  ['fd00::5', '2001:db8:1:2::7', '2001:db8:1:2::8', true, true],
  ['fd00::5', '2001:db8:1:2::7', '2001:db8:1:3::8', false, false],
  ['127.0.0.1', '192.0.2.7', '192.0.2.7', true, true],
  ['127.0.0.1', '192.0.2.7', '192.0.2.8', false, false],
  ['127.0.0.1', '127.0.0.1', '127.0.0.1', true, true],
  ['127.0.0.1', '127.0.0.1', '127.0.0.2', false, false],
  // A coordinator inside a private network.
  ['10.0.0.5', '10.0.0.5', '10.0.0.6', true, true],
  ['10.0.0.5', '10.0.0.7', '10.0.0.6', false, true],
  ['10.0.0.5', '10.0.0.5', '127.0.0.1', true, true],
  ['10.0.0.5', '10.0.0.5', '198.51.100.1', false, false],
  ['127.0.0.1', '127.0.0.1', '10.0.0.6', false, false],
])('%s of a host at %s, asked for from %s: %s, found there: %s', (host, from, to, unseen, found) => {
  const place = placeAt(host, from);
  expect(mayBePassedOn(place, { isFound: false, from, to })).toBe(unseen);
  expect(mayBePassedOn(place, { isFound: true, from, to })).toBe(found);
});

test('in sight of the coordinator are public addresses, and others that it shares', () => {
  expect(placeAt('192.0.2.7', '10.0.0.1').isInSight).toBe(true);
  expect(placeAt('10.0.0.5', '192.0.2.7').isInSight).toBe(false);
  expect(placeAt('10.0.0.5', '10.0.0.6').isInSight).toBe(true);
  expect(placeAt('127.0.0.1', '192.0.2.7').isInSight).toBe(false);
  expect(placeAt('127.0.0.1', '10.0.0.6').isInSight).toBe(false);
  expect(placeAt('127.0.0.5', '127.0.0.1').isInSight).toBe(true);
});

test('what nobody has found is handed out seldom, whoever names it and by whichever port', () => {
  const handOuts = new HandOuts();
  const from = '192.0.2.7';
  const take = (port: number, asker: number, nowMs: number) =>
    handOuts.take(placeAt('192.0.2.7', from, port), { from, host: port, asker }, nowMs);
  const first = Array.from({ length: 40 }, (_, number) => take(1 + (number % 8), number, number));
  expect(first.filter((isTaken) => isTaken)).toHaveLength(2);
  expect(take(1, 0, 1000)).toBe(true); // the same again
  expect(handOuts.take(placeAt('192.0.2.7', from, 1), { from, host: 2, asker: 0 }, 1000)).toBe(false);
  expect(take(1, 50, MINUTE_MS - 1)).toBe(false);
  expect(take(1, 50, MINUTE_MS + 1)).toBe(true);
  // A private address is another machine behind each public one.
  const inside = (origin: string, asker: number) =>
    handOuts.take(placeAt('10.0.0.5', origin), { from: origin, host: 1, asker }, 0);
  for (const origin of ['192.0.2.1', '192.0.2.2'])
    expect([1, 2, 3, 4, 5].filter((asker) => inside(origin, asker))).toEqual([1, 2, 3, 4]);
  // All of loopback is one machine.
  const local = [1, 2, 3].map((number) => placeAt(`127.0.0.${number}`, '127.0.0.1'));
  expect(local.filter((place) => handOuts.take(place, { from: '127.0.0.1', host: 1, asker: 1 }, 0))).toHaveLength(2);
});

test('the coordinator looks once a host and minute, and seldom where it found nobody', () => {
  const bounds = new DialBackBounds();
  let now = 0;
  const look = (hostRowId: number, host: string, origin: string, port = 9) => ({
    ...{ hostRowId, origin, place: placeAt(host, origin, port) },
  });
  const begins = (...args: Parameters<typeof look>) => {
    const wanted = look(...args);
    if (!bounds.begin(wanted, now)) return false;
    bounds.end(wanted, false);
    return true;
  };
  // Forty hosts elsewhere name one machine by eight ports each.
  const tries = Array.from({ length: 320 }, (_, n) => begins(n % 40, '192.0.2.7', `198.51.100.${n % 40}`, 1 + (n % 8)));
  expect(tries.filter((hasBegun) => hasBegun)).toHaveLength(1);
  // Its own hosts are looked at all the same, but not where nobody was.
  expect(begins(100, '192.0.2.7', '192.0.2.7', 1)).toBe(false);
  const own = [101, 102, 103, 104].map((hostRowId) => begins(hostRowId, '192.0.2.7', '192.0.2.7', hostRowId));
  expect(own).toEqual([true, true, true, false]);
  // One a host and minute, also when it was found.
  const there = look(200, '192.0.2.9', '192.0.2.9');
  expect(bounds.begin(there, now)).toBe(true);
  bounds.end(there, true);
  expect(bounds.begin(there, now + MINUTE_MS - 1)).toBe(false);
  // Who was found counts against nobody.
  for (let hostRowId = 300; hostRowId < 320; hostRowId++) {
    const found = look(hostRowId, '192.0.2.9', '192.0.2.9', hostRowId);
    expect(bounds.begin(found, now)).toBe(true);
    bounds.end(found, true);
  }
  now += MINUTE_MS;
  expect(begins(1, '192.0.2.7', '198.51.100.1')).toBe(true);
});

test('looks under way are bounded, and shared out among networks', () => {
  const bounds = new DialBackBounds();
  const begun = (site: number) =>
    Array.from({ length: 40 }, (_, n) => {
      const origin = `10.${site}.0.${n + 1}`;
      return bounds.begin({ hostRowId: site * 100 + n, origin, place: placeAt(origin, origin) }, 0);
    }).filter((hasBegun) => hasBegun).length;
  expect([1, 2, 3, 4, 5].map(begun)).toEqual([8, 8, 8, 8, 0]);
});
