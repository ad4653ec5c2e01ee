// Options: defaults, bounds, and the environment.
import { expect, test } from 'vitest';
import { optionsFromEnvironment, variableOf } from '../../../src/config/environment.js';
import { checkOptions } from '../../../src/config/options.js';
import { PublicAddress } from '../../../src/config/public-address.js';
import { SharedNetworks } from '../../../src/config/shared-networks.js';

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
  { sharedNetworks: ['192.0.2.7'] },
  { sharedNetworks: ['192.0.2.7/33'] },
  { sharedNetworks: ['school/24'] },
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
    MANYHANDS_SHARED_NETWORKS: '192.0.2.7/32, 2001:db8:1::/48',
  };
  expect(optionsFromEnvironment(environment)).toEqual({
    leaseMinimumMs: 5000,
    isOpen: true,
    retentionMs: null,
    publicUrl: 'https://hands.example',
    operatorToken: '1234567890123456',
    trustedProxies: ['127.0.0.1', '10.0.0.0/8'],
    exemptLoopback: false,
    sharedNetworks: ['192.0.2.7/32', '2001:db8:1::/48'],
  });
});

test('a wrong variable is named', () => {
  expect(() => optionsFromEnvironment({ MANYHANDS_PORT: 'many' })).toThrow(
    expect.objectContaining({ code: 'MH-GEN-009', meta: { variable: 'MANYHANDS_PORT' } }),
  );
});

test('networks are shared where the operator says so, and this computer where only it can take part', () => {
  const shared = (options: object, trustedProxies: string[] = []) =>
    new SharedNetworks({ ...checkOptions({ dataDirectory: '/x', ...options }), trustedProxies });
  const school = shared({ host: '::', sharedNetworks: ['192.0.2.0/28', '2001:db8:1::/48'] });
  expect(['192.0.2.3', '::ffff:192.0.2.3', '2001:db8:1:2::3'].map((address) => school.has(address))).toEqual([
    ...[true, true, true],
  ]);
  expect(['192.0.2.16', '2001:db8:2::3', '127.0.0.1', '::1', '', 'x'].map((address) => school.has(address))).toEqual([
    ...[false, false, false, false, false, false],
  ]);
  const local = shared({});
  expect(local).toMatchObject({ isLocal: true, names: ['127.0.0.0/8', '::1/128'] });
  expect(['127.3.2.1', '::1', '192.0.2.3'].map((address) => local.has(address))).toEqual([true, true, false]);
  expect(shared({ host: '0.0.0.0' }).isLocal).toBe(false);
  expect(shared({ publicUrl: 'https://hands.example' }).isLocal).toBe(false);
  expect(shared({}, ['127.0.0.1']).isLocal, 'others come through a proxy').toBe(false);
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
