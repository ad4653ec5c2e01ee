// Addresses as people type them, in one table: of a coordinator, to listen on, and whom a bound per address counts.
import {
  coordinatorAddress,
  coordinatorUrlOf,
  isLoopback,
  listenAddress,
  listenHost,
  networkOf,
  placeOf,
} from '@manyhands/contract';
import { expect, test } from 'vitest';

test.each([
  ['http://127.0.0.1:8420', 'http://127.0.0.1:8420/'],
  ['127.0.0.1:7710', 'http://127.0.0.1:7710/'],
  ['127.0.0.1', 'http://127.0.0.1/'],
  ['localhost', 'http://localhost/'],
  ['localhost:8420', 'http://localhost:8420/'],
  ['hands', 'http://hands/'],
  ['hands.example.org', 'http://hands.example.org/'],
  ['hands.example.org:443', 'https://hands.example.org/'],
  ['hands.example.org:443/below', 'https://hands.example.org/below'],
  ['hands.example.org:8443', 'http://hands.example.org:8443/'],
  ['example.org/path', 'http://example.org/path'],
  ['example.org:8420/path/', 'http://example.org:8420/path/'],
  ['HTTPS://Hands.example.org/', 'https://hands.example.org/'],
  ['https://user:secret@hands.example.org/below?x#y', 'https://hands.example.org/below'],
  [' http://127.0.0.1:8420\n', 'http://127.0.0.1:8420/'],
  ['[::1]:8420', 'http://[::1]:8420/'],
  ['[::1]', 'http://[::1]/'],
  ['::1', 'http://[::1]/'],
  ['fd00::12:34', 'http://[fd00::12:34]/'],
  ['http://[FD00::1]:7710', 'http://[fd00::1]:7710/'],
  ['[fd00::1]:443', 'https://[fd00::1]/'],
  ['[::ffff:192.0.2.1]:8420', 'http://[::ffff:c000:201]:8420/'],
  ['2001:db8:1:2:3:4:5:8420', 'http://[2001:db8:1:2:3:4:5:8420]/'],
])('%s is the coordinator at %s', (text, href) => {
  expect(coordinatorAddress(text).href).toBe(href);
  expect(coordinatorUrlOf(text)).toBe(href.replace(/\/$/, ''));
});

test.each([
  ['', /is not the address of a coordinator\. It should look like/],
  ['ftp://x', /ftp:\/\/ leads elsewhere/],
  ['ws://x', /ws:\/\/ leads elsewhere/],
  ['file:///etc', /leads elsewhere/],
  ['http://', /It should look like/],
  ['http:127.0.0.1:8420', /after http or https come/],
  ['http//x', /after http or https come/],
  ['https:/x', /after http or https come/],
  ['http://a b', /It should look like/],
  ['a b', /It should look like/],
  ['http://:::', /It should look like/],
  ['http://x:99999', /It should look like/],
  ['x:0', /It should look like/],
  ['127.0.0.1:http', /It should look like/],
  ['300.1.1.1', /It should look like/],
  ['::1:8420', /in brackets before a port, as in \[::1\]:8420/],
  ['fd00::1:7710', /as in \[fd00::1\]:7710/],
  ['::1:12345', /as in \[::1\]:12345/],
  ['[::1', /It should look like/],
  ['[fe80::1%eth0]:8420', /a zone \(%\)/],
  ['[127.0.0.1]:8420', /It should look like/],
])('%j is no address of a coordinator', (text, words) => {
  expect(() => coordinatorAddress(text)).toThrow(
    expect.objectContaining({ code: 'MH-GEN-009', message: expect.stringMatching(words) }),
  );
});

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['0.0.0.0', '0.0.0.0'],
  ['::', '::'],
  ['[::]', '::'],
  ['::1', '::1'],
  ['[fd00::1]', 'fd00::1'],
  ['localhost', 'localhost'],
  ['hands.example.org', 'hands.example.org'],
])('--host %s listens on %s', (text, host) => expect(listenHost(text, '--host')).toBe(host));

test.each(['', 'http://127.0.0.1', '127.0.0.1:8420', '[::1]:8420', 'a/b', ':', '[127.0.0.1]x', '-x', '300.0.0.1'])(
  '--host %j is refused, with its name',
  (text) => {
    expect(() => listenHost(text, '--host')).toThrow(
      expect.objectContaining({ code: 'MH-GEN-009', message: expect.stringMatching(/^--host must be an address/) }),
    );
  },
);

test.each([
  ['0.0.0.0:8430', { host: '0.0.0.0', port: 8430 }],
  ['[::]:8430', { host: '::', port: 8430 }],
  ['[::1]:0', { host: '::1', port: 0 }],
  ['localhost:65535', { host: 'localhost', port: 65_535 }],
])('--listen %s', (text, address) => expect(listenAddress(text, '--listen')).toEqual(address));

test.each(['', '8430', ':8430', '0.0.0.0', '[::]', '::1:8430', '0.0.0.0:65536', '[0.0.0.0]:1', 'http://x:1', 'a b:1'])(
  '--listen %j is refused, with its name',
  (text) => {
    expect(() => listenAddress(text, '--listen')).toThrow(
      expect.objectContaining({ code: 'MH-GEN-009', message: expect.stringMatching(/^--listen must be host:port/) }),
    );
  },
);

test('a bound per address counts a /64 of IPv6, and an IPv4 address once however it is written', () => {
  expect(networkOf('10.0.0.1')).toBe('10.0.0.1');
  expect(networkOf('::ffff:10.0.0.1')).toBe('10.0.0.1');
  expect(networkOf('::1')).toBe('0:0:0:0');
  expect(networkOf('2001:db8:1:2:3::1')).toBe('2001:db8:1:2');
  expect(networkOf('2001:DB8:1:2:ffff:ffff:ffff:ffff')).toBe('2001:db8:1:2');
  expect(networkOf('2001:db8::1')).toBe(networkOf('2001:db8::2:7'));
  expect(networkOf('2001:db8:1::')).toBe('2001:db8:1:0');
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0');
  expect(networkOf('64:ff9b::192.0.2.1')).toBe('64:ff9b:0:0');
});

test('loopback is loopback in all its forms', () => {
  for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]', '::ffff:127.0.0.1'])
    expect(isLoopback(host), host).toBe(true);
  for (const host of ['10.0.0.1', '2001:db8::1', '::ffff:10.0.0.1', '127.0.0.1.example.org', 'localhost.example.org'])
    expect(isLoopback(host), host).toBe(false);
});

test('a port follows IPv6 in brackets only', () => {
  expect(placeOf('::1', 8420)).toBe('[::1]:8420');
  expect(placeOf('127.0.0.1', 8420)).toBe('127.0.0.1:8420');
  expect(placeOf('x', 1)).toBe('x:1');
});
