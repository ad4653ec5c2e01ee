// The calls that write.
import { splitFile, utf8Bytes } from '@manyhands/contract';
import { genesisOf } from './records.js';
import { found, NOBODY, type Row, signed, stranger } from './rest-rows.js';
import { LARGE, type World } from './rest-world.js';
import type { Answer } from './running.js';
import { Scientist } from './scientist.js';
import { bundleOf, TestHost } from './test-host.js';

const unitPath = ({ lease }: World, kind: 'result' | 'checkpoint', index = lease.ranges[0]?.[0] ?? 0): string =>
  `/leases/${lease.leaseId}/units/${index}/${kind}`;
const hostKey = ({ hosts }: World) => hosts[0].key;
const nextHost = ({ hosts }: World) => hosts[1].key;
const create = ({ client }: World, genesis: string, invitation: string | null = null): Promise<Answer> =>
  client.call('POST', '/api/v1/projects', { json: { genesis, invitation } });
export const policyOf = (world: World, batchId: string, sequence: number): { policy: string } => ({
  policy: world.scientist.sealed(world.scientist.policy(batchId, { sequence }), 'policy'),
});

/** In this order: what is written changes what the calls after it find. */
export const WRITES: readonly Row[] = [
  {
    call: 'post /api/v1/projects',
    ordinary: ({ client }) => new Scientist(client, 'new').found(),
    shape: { name: 'new', state: 'active' },
    errors: [
      [
        'MH-PRJ-001',
        409,
        (world) => create(world, world.scientist.sealed(genesisOf('world', stranger), 'project-genesis', stranger)),
      ],
      ['MH-PRJ-002', 403, (world) => new Scientist(world.client, 'uninvited').found('made up')],
      ['MH-SIG-002', 400, (world) => create(world, 'AAAA')],
      [
        'MH-SIG-004',
        403,
        (world) =>
          create(world, world.scientist.sealed(genesisOf('x', world.scientist.key), 'project-genesis', stranger)),
      ],
      ['MH-GEN-002', 400, ({ client }) => client.call('POST', '/api/v1/projects', { json: {} })],
    ],
  },
  {
    call: 'put /api/v1/projects/{projectId}/texts',
    ordinary: async (world) => (await found(world, 'texts')).state(),
    shape: { title: 'A title', textsSequence: 1 },
    errors: [
      ['MH-SIG-004', 403, (world) => world.scientist.state({}, stranger)],
      ['MH-SIG-002', 400, (world) => world.scientist.state({ sequence: 0 })],
      ['MH-PRJ-006', 409, async (world) => (await found(world, 'texts')).state({ title: 'Other words' })],
    ],
  },
  {
    call: 'post /api/v1/projects/{projectId}/app-versions',
    ordinary: async (world) => world.scientist.publish(),
    shape: { state: 'ready' },
    errors: [
      ['MH-SIG-004', 403, (world) => world.scientist.publish(undefined, { projectId: `proj_${NOBODY}` })],
      [
        'MH-BAT-002',
        409,
        (world) => world.scientist.publish(undefined, { original: splitFile(utf8Bytes('never put')).ref }),
      ],
      ['MH-SIG-002', 400, (world) => world.scientist.publish(undefined, { name: '' })],
    ],
  },
  {
    call: 'post /api/v1/blocks/missing',
    ordinary: ({ client, block }) => client.call('POST', '/api/v1/blocks/missing', { json: { cids: [block.cid] } }),
    shape: { missing: [] },
    errors: [
      ['MH-GEN-002', 400, ({ client }) => client.call('POST', '/api/v1/blocks/missing', { json: { cids: [1] } })],
    ],
  },
  {
    call: 'put /api/v1/blocks/{cid}',
    ordinary: ({ client, block, scientist }) => client.putBlock(block, scientist.signer),
    errors: [
      [
        'MH-BLK-001',
        400,
        ({ client, block, scientist }) => client.putBlock({ ...block, bytes: utf8Bytes('other') }, scientist.signer),
      ],
      [
        'MH-SIG-004',
        403,
        ({ client, block, scientist }) => client.putBlock(block, { ...scientist.signer, signer: stranger }),
      ],
      [
        'MH-GEN-003',
        404,
        ({ client, block }) => client.putBlock(block, { projectId: `proj_${NOBODY}`, signer: stranger }),
      ],
    ],
  },
  {
    call: 'post /api/v1/projects/{projectId}/batches',
    ordinary: ({ scientist }) => scientist.submit({ name: 'submitted' }),
    shape: { name: 'submitted', state: 'open', endedCode: null },
    errors: [
      ['MH-BAT-001', 409, ({ scientist }) => scientist.submit({ name: 'done', quorum: 2 })],
      ['MH-BAT-003', 400, ({ scientist }) => scientist.submit({ name: 'wrong', root: { unitCount: 3 } })],
      ['MH-SIG-002', 400, ({ scientist }) => scientist.post({ manifest: 'AAAA', policy: 'AAAA' })],
    ],
  },
  {
    call: 'put /api/v1/batches/{batchId}/policy',
    ordinary: (world) =>
      world.client.call('PUT', `/api/v1/batches/${world.openId}/policy`, { json: policyOf(world, world.openId, 1) }),
    shape: { policySequence: 1 },
    errors: [
      [
        'MH-SIG-006',
        401,
        (world) =>
          world.client.call('PUT', `/api/v1/batches/${world.openId}/policy`, {
            json: {
              policy: world.scientist.sealed(
                world.scientist.policy(world.openId, { sequence: 1, quorum: 3 }),
                'policy',
              ),
            },
          }),
      ],
      [
        'MH-BAT-003',
        400,
        (world) =>
          world.client.call('PUT', `/api/v1/batches/${world.openId}/policy`, {
            json: policyOf(world, world.doneId, 2),
          }),
      ],
      [
        'MH-BAT-010',
        409,
        (world) =>
          world.client.call('PUT', `/api/v1/batches/${world.doneId}/policy`, {
            json: {
              policy: world.scientist.sealed(
                world.scientist.policy(world.doneId, { sequence: 1, quorum: 5 }),
                'policy',
              ),
            },
          }),
      ],
      [
        'MH-SIG-002',
        400,
        (world) => world.client.call('PUT', `/api/v1/batches/${world.openId}/policy`, { json: { policy: 'AAAA' } }),
      ],
    ],
  },
  {
    call: 'post /api/v1/batches/{batchId}/retry',
    ordinary: signed('POST', ({ doneId }) => `/batches/${doneId}/retry`, { json: { indexes: null } }),
    shape: { retried: 0 },
    errors: [
      [
        'MH-SIG-008',
        401,
        ({ client, doneId }) => client.call('POST', `/api/v1/batches/${doneId}/retry`, { json: { indexes: null } }),
      ],
      [
        'MH-SIG-004',
        403,
        signed('POST', ({ doneId }) => `/batches/${doneId}/retry`, { json: { indexes: null }, key: () => stranger }),
      ],
      ['MH-GEN-002', 400, signed('POST', ({ doneId }) => `/batches/${doneId}/retry`, { json: { indexes: [-1] } })],
      ['MH-GEN-003', 404, signed('POST', () => `/batches/batch_${NOBODY}/retry`, { json: { indexes: null } })],
    ],
  },
  {
    call: 'post /api/v1/batches/{batchId}/cancel',
    ordinary: async (world) => {
      const { batchId } = (await world.scientist.submit({ name: 'to-be-cancelled' })).body;
      return signed('POST', () => `/batches/${batchId}/cancel`)(world);
    },
    shape: { state: 'cancelled', endedCode: 'MH-VAL-004', counts: { failed: 2, ended: { cancelled: 2 } } },
    errors: [
      ['MH-SIG-004', 403, signed('POST', ({ openId }) => `/batches/${openId}/cancel`, { key: () => stranger })],
      ['MH-GEN-003', 404, signed('POST', () => `/batches/batch_${NOBODY}/cancel`)],
    ],
  },
  {
    call: 'put /api/v1/leases/{leaseId}/units/{index}/checkpoint',
    ordinary: signed('PUT', (world) => unitPath(world, 'checkpoint'), { bytes: new Uint8Array(64), key: hostKey }),
    errors: [
      [
        'MH-LSE-001',
        409,
        signed('PUT', (world) => unitPath(world, 'checkpoint'), { bytes: new Uint8Array(64), key: nextHost }),
      ],
      [
        'MH-LSE-002',
        409,
        signed('PUT', (world) => unitPath(world, 'checkpoint', 99), { bytes: new Uint8Array(64), key: hostKey }),
      ],
    ],
  },
  {
    call: 'put /api/v1/leases/{leaseId}/units/{index}/result',
    ordinary: async (world) => {
      const { coordinator, client, scientist } = world;
      const { manifestCid } = (await scientist.submit({ name: 'large', quorum: 1 })).body;
      const host = await TestHost.join(coordinator);
      const answer = await host.requestWork(1, { cachedManifests: [manifestCid] });
      const lease = answer.t === 'lease.grant' ? answer.leases[0] : undefined;
      if (lease) await host.report(host.receipt(lease, { bytes: () => LARGE }));
      return client.call('PUT', `/api/v1/leases/${lease?.leaseId}/units/${lease?.ranges[0]?.[0]}/result`, {
        signer: host.key,
        bytes: bundleOf(LARGE).bundle,
      });
    },
    errors: [
      [
        'MH-LSE-001',
        409,
        signed('PUT', (world) => unitPath(world, 'result'), { bytes: bundleOf('x').bundle, key: nextHost }),
      ],
      [
        'MH-LSE-002',
        409,
        signed('PUT', (world) => unitPath(world, 'result', 99), { bytes: bundleOf('x').bundle, key: hostKey }),
      ],
      [
        'MH-WIR-004',
        503,
        signed('PUT', (world) => unitPath(world, 'result'), { bytes: bundleOf('x').bundle, key: hostKey }),
      ],
    ],
  },
  {
    call: 'post /api/v1/accounts',
    ordinary: ({ client, account }) => client.call('POST', '/api/v1/accounts', { json: account.json }),
    shape: { label: 'Ada' },
    errors: [
      ['MH-SIG-002', 400, ({ client }) => client.call('POST', '/api/v1/accounts', { json: { genesis: 'AAAA' } })],
    ],
  },
  {
    call: 'post /api/v1/accounts/{accountId}/codes',
    ordinary: signed('POST', ({ account }) => `/accounts/${account.id}/codes`, { key: ({ owner }) => owner }),
    errors: [
      ['MH-SIG-004', 403, signed('POST', ({ account }) => `/accounts/${account.id}/codes`, { key: () => stranger })],
      ['MH-ACC-002', 404, signed('POST', () => `/accounts/acct_${NOBODY}/codes`, { key: () => stranger })],
      [
        'MH-ACC-002',
        404,
        signed('POST', ({ hosts }) => `/accounts/${hosts[0].welcome?.accountId}/codes`, { key: () => stranger }),
      ],
    ],
  },
  {
    call: 'post /api/v1/hosts/self/codes',
    ordinary: signed('POST', () => '/hosts/self/codes', { key: ({ hosts }) => hosts[0].key }),
    errors: [['MH-ACC-002', 404, signed('POST', () => '/hosts/self/codes', { key: () => stranger })]],
  },
];
