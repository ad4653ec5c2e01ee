// Who calls: what a stranger writes changes nothing; what trusted proxies write is read from the right.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressRanges } from '../../src/index.js';
import { callerOf, type ProxyRules } from '../../src/trusted-proxies.js';

const rules = (proxyHeader: ProxyRules['proxyHeader'], ...texts: string[]): ProxyRules => ({
  trustedProxies: addressRanges(texts, '--trusted-proxies'),
  proxyHeader,
});
const forwardedFor = rules('x-forwarded-for', '127.0.0.1', '10.0.0.0/8', 'fd00::/8');
const forwarded = rules('forwarded', '127.0.0.1', '10.0.0.0/8', 'fd00::/8');
const said = (text: string) => ({ 'x-forwarded-for': text });

describe('the caller', () => {
  it('is the address of the connection unless that is a trusted proxy', () => {
    expect(callerOf('192.0.2.1', said('203.0.113.9'), forwardedFor)).toBe('192.0.2.1');
    expect(callerOf('127.0.0.1', said('203.0.113.9'), rules('x-forwarded-for'))).toBe('127.0.0.1');
    expect(callerOf(undefined, said('203.0.113.9'), forwardedFor)).toBe('');
  });

  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['203.0.113.9, 10.1.2.3', '203.0.113.9'],
    ['198.51.100.1,203.0.113.9 ,10.1.2.3, 10.4.5.6', '203.0.113.9'],
    ['10.1.2.3', '10.1.2.3'],
    ['203.0.113.9:4711', '203.0.113.9'],
    ['[2001:db8::9]:4711, fd00::1', '2001:db8::9'],
    ['2001:db8::9', '2001:db8::9'],
    ['::ffff:10.1.2.3', '::ffff:10.1.2.3'],
    ['203.0.113.9, unknown', '127.0.0.1'],
    ['203.0.113.9, unknown, 10.1.2.3', '10.1.2.3'],
    ['', '127.0.0.1'],
    [' , ', '127.0.0.1'],
  ])('of x-forwarded-for: %j is %s', (text, caller) => {
    expect(callerOf('127.0.0.1', { ...said(text), forwarded: 'for=198.51.100.77' }, forwardedFor)).toBe(caller);
    expect(callerOf('::ffff:127.0.0.1', said(text), forwardedFor).replace('::ffff:127', '127')).toBe(caller);
  });

  it.each([
    ['for=203.0.113.9', '203.0.113.9'],
    ['for=198.51.100.1, for=203.0.113.9;proto=https;by=10.1.2.3', '203.0.113.9'],
    ['For="[2001:db8::9]:4711";proto=http, for=10.1.2.3', '2001:db8::9'],
    ['for="203.0.113.9:80"', '203.0.113.9'],
    ['for=203.0.113.9, for=_hidden', '127.0.0.1'],
    ['for="a,b\\",for=198.51.100.1", for=203.0.113.9', '203.0.113.9'],
    ['proto=https', '127.0.0.1'],
  ])('of forwarded: %j is %s', (text, caller) => {
    expect(callerOf('127.0.0.1', { forwarded: text, ...said('198.51.100.77') }, forwarded)).toBe(caller);
  });

  it('is the one that the first trusted proxy saw, whatever that one had written itself', () => {
    const written = fc.oneof(fc.string(), fc.constantFrom('10.1.2.3', '127.0.0.1', 'for=', '"', ',', 'fd00::1'));
    fc.assert(
      fc.property(fc.array(written, { maxLength: 5 }), (parts) => {
        const text = parts.join(',').replace(/[\r\n]/g, '');
        expect(callerOf('127.0.0.1', said(`${text}, 203.0.113.9`), forwardedFor)).toBe('203.0.113.9');
        expect(callerOf('203.0.113.9', { ...said(text), forwarded: text }, forwarded)).toBe('203.0.113.9');
        expect(callerOf('203.0.113.9', { ...said(text), forwarded: text }, forwardedFor)).toBe('203.0.113.9');
      }),
    );
  });
});

describe('ranges', () => {
  it('hold their addresses in every spelling', () => {
    const { has } = addressRanges(['192.0.2.0/24', '2001:db8::/32', '::1', '[fe80::1]'], '--trusted-proxies');
    for (const address of ['192.0.2.0', '192.0.2.255', '::ffff:192.0.2.7', '2001:DB8:1::1', '::1', 'fe80::1%eth0'])
      expect(has(address), address).toBe(true);
    for (const address of ['192.0.3.0', '2001:db9::1', '::2', '', 'localhost', '192.0.2'])
      expect(has(address)).toBe(false);
  });

  it.each(['', 'localhost', '10.0.0.0/33', '::/129', '10.0.0/8', '10.0.0.0/', '10.0.0.0/8/8', 'all'])(
    'are refused when they are none: %j',
    (text) => {
      expect(() => addressRanges([text], '--trusted-proxies')).toThrow(/--trusted-proxies must be addresses or ranges/);
    },
  );
});
