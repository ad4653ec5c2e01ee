import { expect, test } from 'vitest';
import { joinUrl } from '../../src/join/join-url.js';

const PAGE = 'http://10.0.0.7:8420';

test('the public address is used where it names a real one', () => {
  expect(joinUrl('https://hands.example.org', PAGE)).toBe('https://hands.example.org');
  expect(joinUrl('https://example.org/hands/', PAGE)).toBe('https://example.org/hands');
});

test.each([undefined, '', 'http://127.0.0.1:8420', 'http://localhost:8420', 'http://[::1]:8420', 'ftp://example.org'])(
  'else the address of the page: %s',
  (publicUrl) => expect(joinUrl(publicUrl, PAGE)).toBe(PAGE),
);

test.each([
  'https://a.org/;rm -rf ~',
  'https://a.org/$(id)',
  'https://a.org/`id`',
  'https://a.org/\nid',
  "https://a.org/'",
])('nothing that a shell would run gets into the command: %s', (publicUrl) =>
  expect(joinUrl(publicUrl, PAGE)).toBe(PAGE),
);
