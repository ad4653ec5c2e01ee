// Options: defaults, bounds, and the environment.
import { expect, test } from 'vitest';
import { optionsFromEnvironment, variableOf } from '../../../src/config/environment.js';
import { checkOptions } from '../../../src/config/options.js';
import { PublicAddress } from '../../../src/config/public-address.js';

test('defaults listen on loopback, closed to new projects', () => {
  expect(checkOptions({ dataDirectory: '/x' })).toMatchObject({ port: 8420, host: '127.0.0.1', isOpen: false });
});

test.each([
  { port: 70_000 },
  { port: 1.5 },
  { publicUrl: 'ftp://x' },
  { operatorToken: 'short' },
  { leaseMinimumMs: 0 },
  { proxyHeader: 'via' },
  { trustedProxies: [''] },
  { unknownOption: 1 },
])('%j is refused', (wrong) => {
  expect(() => checkOptions({ dataDirectory: '/x', ...wrong } as never)).toThrow(
    expect.objectContaining({ code: 'MH-GEN-009' }),
  );
});

test('every option has a variable of its own', () => {
  expect(variableOf('leaseMinimumMs')).toBe('MANYHANDS_LEASE_MINIMUM_MS');
  const environment = {
    MANYHANDS_LEASE_MINIMUM_MS: '5000',
    MANYHANDS_IS_OPEN: 'true',
    MANYHANDS_RETENTION_MS: 'null',
    MANYHANDS_PUBLIC_URL: 'https://hands.example',
    MANYHANDS_OPERATOR_TOKEN: '1234567890123456',
    MANYHANDS_HOST: '',
    MANYHANDS_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8',
    MANYHANDS_EXEMPT_LOOPBACK: 'false',
  };
  expect(optionsFromEnvironment(environment)).toEqual({
    leaseMinimumMs: 5000,
    isOpen: true,
    retentionMs: null,
    publicUrl: 'https://hands.example',
    operatorToken: '1234567890123456',
    trustedProxies: ['127.0.0.1', '10.0.0.0/8'],
    exemptLoopback: false,
  });
});

test('a wrong variable is named', () => {
  expect(() => optionsFromEnvironment({ MANYHANDS_PORT: 'many' })).toThrow(
    expect.objectContaining({ code: 'MH-GEN-009', meta: { variable: 'MANYHANDS_PORT' } }),
  );
});

test('addresses follow the public address, and otherwise host and port', () => {
  const address = (options: object) => {
    const found = new PublicAddress(checkOptions({ dataDirectory: '/x', ...options }));
    found.setPort(8420);
    return [found.url, found.webSocketUrl, found.gatewayUrl(8421)];
  };
  expect(address({})).toEqual(['http://127.0.0.1:8420', 'ws://127.0.0.1:8420/api/v1/worker', 'http://127.0.0.1:8421']);
  expect(address({ publicUrl: 'https://hands.example/' })).toEqual([
    'https://hands.example',
    'wss://hands.example/api/v1/worker',
    'http://hands.example:8421',
  ]);
  expect(address({ host: '::1', publicGatewayUrl: 'https://blocks.example/' })).toEqual([
    'http://[::1]:8420',
    'ws://[::1]:8420/api/v1/worker',
    'https://blocks.example',
  ]);
});
