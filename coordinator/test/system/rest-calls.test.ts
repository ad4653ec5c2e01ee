// For each REST call: what it answers in ordinary use, and each of its documented errors. Errors that any call may have are in bad-input.test.ts.
import { type Lease, splitFile, utf8Bytes } from '@manyhands/contract';
import { beforeAll, describe, expect, test } from 'vitest';
import { genesisOf, keyOf } from '../support/records.js';
import { LARGE, restWorld, type World } from '../support/rest-world.js';
import { type Answer, Client, OPERATOR_TOKEN, started } from '../support/running.js';
import { Scientist } from '../support/scientist.js';
import { bundleOf, TestHost } from '../support/test-host.js';

const NOBODY = 'a'.repeat(52);
const stranger = keyOf('stranger');
const get =
  (path: string | ((world: World) => string)) =>
  (world: World): Promise<Answer> =>
    world.client.call('GET', `/api/v1${typeof path === 'string' ? path : path(world)}`);
const operator =
  (method: string, path: (world: World) => string, json?: unknown) =>
  (world: World): Promise<Answer> =>
    world.client.operator(method, path(world), json);
const signed =
  (method: string, path: (world: World) => string, { json, bytes, key }: SignedCall = {}) =>
  (world: World): Promise<Answer> =>
    world.client.call(method, `/api/v1${path(world)}`, {
      signer: key?.(world) ?? world.scientist.key,
      ...(bytes ? { bytes } : { json: json ?? {} }),
    });
type SignedCall = { json?: unknown; bytes?: Uint8Array; key?: (world: World) => ReturnType<typeof keyOf> };

const unitPath = ({ lease }: World, kind: 'result' | 'checkpoint', index = lease.ranges[0]?.[0] ?? 0): string =>
  `/leases/${lease.leaseId}/units/${index}/${kind}`;
const hostKey = ({ hosts }: World) => hosts[0].key;
const nextHost = ({ hosts }: World) => hosts[1].key;

type Row = {
  /** As in the OpenAPI document. */
  call: string;
  ordinary: (world: World) => Promise<Answer>;
  status?: number;
  shape?: object;
  errors?: readonly (readonly [code: string, status: number, ask: (world: World) => Promise<Answer>])[];
};

const noBatch = (rest = ''): ReturnType<typeof get> => get(`/batches/batch_${NOBODY}${rest}`);
const noProject = (rest = ''): ReturnType<typeof get> => get(`/projects/proj_${NOBODY}${rest}`);
const COUNTS = { total: 2, accepted: 2, failed: 0, ended: { cancelled: 0, expired: 0, stopped: 0 } };

const READS: readonly Row[] = [
  { call: 'get /api/v1/coordinator', ordinary: get('/coordinator'), shape: { isOpen: true, protocol: { minimum: 1 } } },
  {
    call: 'get /api/v1/stats',
    ordinary: get('/stats'),
    shape: { units: { total: 4, accepted: 2 }, hosts: { online: 2 } },
  },
  {
    call: 'get /api/v1/questions',
    ordinary: get('/questions'),
    shape: { questions: [{ project: { name: 'world' }, openBatches: 1, people: { total: 2, online: 2 } }], next: null },
    errors: [
      ['MH-GEN-002', 400, get('/questions?limit=0')],
      ['MH-GEN-002', 400, get('/questions?after=nonsense')],
      ['MH-GEN-003', 404, get(`/questions?after=1-proj_${NOBODY}`)],
    ],
  },
  {
    call: 'get /api/v1/projects/{projectId}/overview',
    ordinary: get(({ scientist }) => `/projects/${scientist.projectId}/overview`),
    shape: { project: { name: 'world' }, batches: [{ name: 'open' }, { name: 'done', counts: COUNTS }] },
    errors: [['MH-GEN-003', 404, noProject('/overview')]],
  },
  {
    call: 'get /api/v1/leaderboard',
    ordinary: get('/leaderboard?kind=hosts'),
    shape: { kind: 'hosts', rows: [{ rank: 1, acceptedReplicas: 2 }, { rank: 2 }] },
    errors: [
      ['MH-GEN-002', 400, get('/leaderboard?kind=teams')],
      ['MH-GEN-002', 400, get('/leaderboard?limit=1001')],
    ],
  },
  {
    call: 'get /api/v1/leaderboard.csv',
    ordinary: get('/leaderboard.csv'),
    errors: [['MH-GEN-002', 400, get('/leaderboard.csv?period=day')]],
  },
  {
    call: 'get /api/v1/peers',
    ordinary: get('/peers'),
    shape: { peers: [{ kind: 'coordinator' }, { isOnline: true }, {}] },
  },
  { call: 'get /api/v1/peers.csv', ordinary: get('/peers.csv') },
  {
    call: 'get /api/v1/projects',
    ordinary: get('/projects?name=world'),
    shape: [{ name: 'world', state: 'active', contact: '' }],
    errors: [['MH-GEN-002', 400, get('/projects?name=..')]],
  },
  {
    call: 'get /api/v1/projects/{projectId}',
    ordinary: get(({ scientist }) => `/projects/${scientist.projectId}`),
    shape: { name: 'world', textsSequence: 0 },
    errors: [['MH-GEN-003', 404, noProject()]],
  },
  {
    call: 'get /api/v1/projects/{projectId}/app-versions',
    ordinary: get(({ scientist }) => `/projects/${scientist.projectId}/app-versions`),
    shape: [{ state: 'ready' }],
    errors: [['MH-GEN-003', 404, noProject('/app-versions')]],
  },
  {
    call: 'get /api/v1/app-versions/{appVersionId}',
    ordinary: get(({ scientist }) => `/app-versions/${scientist.appVersionId}`),
    shape: { state: 'ready', refusal: null },
    errors: [['MH-GEN-003', 404, get(`/app-versions/app_${NOBODY}`)]],
  },
  {
    call: 'get /api/v1/blocks/{cid}',
    ordinary: get(({ block }) => `/blocks/${block.cid}`),
    status: 307,
    // The gateway knows what is there.
    errors: [['MH-BLK-004', 400, get('/blocks/nonsense')]],
  },
  {
    call: 'get /api/v1/projects/{projectId}/batches',
    ordinary: get(({ scientist }) => `/projects/${scientist.projectId}/batches`),
    shape: [{ name: 'open' }, { name: 'done' }],
    errors: [['MH-GEN-003', 404, noProject('/batches')]],
  },
  {
    call: 'get /api/v1/batches/{batchId}',
    ordinary: get(({ doneId }) => `/batches/${doneId}`),
    shape: { state: 'complete', endedCode: null, counts: COUNTS },
    errors: [['MH-GEN-003', 404, noBatch()]],
  },
  {
    call: 'get /api/v1/batches/{batchId}/story',
    ordinary: get(({ doneId }) => `/batches/${doneId}/story`),
    shape: { hands: [{ acceptedReplicas: 2 }, { acceptedReplicas: 2 }] },
    errors: [['MH-GEN-003', 404, noBatch('/story')]],
  },
  {
    call: 'get /api/v1/batches/{batchId}/outcomes',
    ordinary: get(({ doneId }) => `/batches/${doneId}/outcomes?stdout=1`),
    shape: { outcomes: [{ state: 'accepted' }, { state: 'accepted' }], batch: { name: 'done' } },
    errors: [
      ['MH-GEN-003', 404, noBatch('/outcomes')],
      ['MH-GEN-002', 400, get(({ doneId }) => `/batches/${doneId}/outcomes?limit=501`)],
      ['MH-GEN-002', 400, get(({ doneId }) => `/batches/${doneId}/outcomes?waitMs=25001`)],
    ],
  },
  {
    call: 'get /api/v1/batches/{batchId}/units',
    ordinary: get(({ doneId }) => `/batches/${doneId}/units?state=accepted&limit=1`),
    shape: { units: [{ index: 0, name: 'one' }], next: 0 },
    errors: [
      ['MH-GEN-003', 404, noBatch('/units')],
      ['MH-GEN-002', 400, get(({ doneId }) => `/batches/${doneId}/units?state=lost`)],
    ],
  },
  {
    call: 'get /api/v1/batches/{batchId}/units/{index}',
    ordinary: get(({ doneId }) => `/batches/${doneId}/units/1`),
    shape: { name: 'two', state: 'accepted', replicas: [{ state: 'agreed' }, { state: 'agreed' }] },
    errors: [
      ['MH-GEN-003', 404, get(({ doneId }) => `/batches/${doneId}/units/2`)],
      ['MH-GEN-002', 400, get(({ doneId }) => `/batches/${doneId}/units/one`)],
      ['MH-GEN-003', 404, noBatch('/units/0')],
    ],
  },
  {
    call: 'get /api/v1/results/{digest}',
    ordinary: get(({ digest }) => `/results/${digest}`),
    errors: [
      ['MH-BAT-009', 404, get(`/results/${'0'.repeat(64)}`)],
      ['MH-GEN-002', 400, get('/results/xyz')],
    ],
  },
  {
    call: 'get /api/v1/batches/{batchId}/units/{index}/stdout',
    ordinary: get(({ doneId }) => `/batches/${doneId}/units/0/stdout`),
    errors: [
      ['MH-BAT-009', 404, get(({ openId }) => `/batches/${openId}/units/0/stdout`)],
      ['MH-GEN-003', 404, get(({ doneId }) => `/batches/${doneId}/units/2/stdout`)],
      ['MH-GEN-003', 404, noBatch('/units/0/stdout')],
    ],
  },
  {
    call: 'get /api/v1/accounts/{accountId}',
    ordinary: get(({ account }) => `/accounts/${account.id}`),
    shape: { label: 'Ada', creditMilli: 0, hostCount: 0 },
    errors: [['MH-ACC-002', 404, get(`/accounts/acct_${NOBODY}`)]],
  },
  { call: 'get /healthz', ordinary: ({ client }) => client.call('GET', '/healthz') },
  { call: 'get /readyz', ordinary: ({ client }) => client.call('GET', '/readyz') },
];

/** `found` makes a scientist of its own, so that what one call changes does not concern another. */
const found = async ({ client }: World, name: string): Promise<Scientist> => {
  const scientist = new Scientist(client, name);
  await scientist.found();
  return scientist;
};
const create = ({ client }: World, genesis: string, invitation: string | null = null): Promise<Answer> =>
  client.call('POST', '/api/v1/projects', { json: { genesis, invitation } });
const policyOf = (world: World, batchId: string, sequence: number): { policy: string } => ({
  policy: world.scientist.sealed(world.scientist.policy(batchId, { sequence }), 'policy'),
});

const WRITES: readonly Row[] = [
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
      const { batchId } = (await scientist.submit({ name: 'large', quorum: 1 })).body;
      const host = await TestHost.join(coordinator);
      const leases: Lease[] = [];
      while (!leases.some((lease) => lease.batchId === batchId)) leases.push(...(await host.lease(2)));
      const lease = leases.find((candidate) => candidate.batchId === batchId);
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
    call: 'delete /api/v1/accounts/{accountId}',
    ordinary: signed('DELETE', ({ account }) => `/accounts/${account.id}`, { key: ({ owner }) => owner }),
    errors: [
      ['MH-ACC-002', 404, signed('DELETE', ({ account }) => `/accounts/${account.id}`, { key: ({ owner }) => owner })],
    ],
  },
  { call: 'post /api/v1/operator/invitations', ordinary: operator('POST', () => '/invitations', {}) },
  { call: 'get /api/v1/operator/projects', ordinary: operator('GET', () => '/projects') },
  ...(['approve', 'pause', 'resume'] as const).map(
    (action): Row => ({
      call: `post /api/v1/operator/projects/{projectId}/${action}`,
      ordinary: async (world) => {
        const scientist = await found(world, action);
        await scientist.state();
        return world.client.operator('POST', `/projects/${scientist.projectId}/${action}`);
      },
      shape: { state: action === 'pause' ? 'paused' : 'active' },
      errors: [
        ['MH-GEN-003', 404, operator('POST', () => `/projects/proj_${NOBODY}/${action}`)],
        ...(action === 'approve'
          ? ([
              [
                'MH-PRJ-005',
                409,
                async (world: World) =>
                  world.client.operator('POST', `/projects/${(await found(world, 'silent')).projectId}/approve`),
              ],
            ] as const)
          : []),
      ],
    }),
  ),
  {
    call: 'get /api/v1/operator/hosts',
    ordinary: operator('GET', () => '/hosts'),
    shape: { hosts: expect.arrayContaining([expect.objectContaining({ isBanned: false, isOnline: true })]) },
  },
  ...(['ban', 'unban'] as const).map(
    (action): Row => ({
      call: `post /api/v1/operator/hosts/{hostId}/${action}`,
      ordinary: operator('POST', ({ hosts }) => `/hosts/${hosts[1].hostId}/${action}`, { reason: 'a test' }),
      errors: [['MH-GEN-003', 404, operator('POST', () => `/hosts/host_${NOBODY}/${action}`, {})]],
    }),
  ),
  {
    call: 'post /api/v1/operator/app-versions/{appVersionId}/stop',
    ordinary: operator('POST', ({ scientist }) => `/app-versions/${scientist.appVersionId}/stop`, {}),
    shape: { state: 'stopped' },
    errors: [
      ['MH-GEN-003', 404, operator('POST', () => `/app-versions/app_${NOBODY}/stop`, {})],
      // From here on nothing can be submitted, and what was open says why it ended.
      ['MH-APP-002', 409, ({ scientist }) => scientist.submit({ name: 'too-late' })],
      ['MH-BAT-004', 409, signed('POST', ({ openId }) => `/batches/${openId}/retry`, { json: { indexes: [0] } })],
      [
        'MH-BAT-004',
        409,
        (world) =>
          world.client.call('PUT', `/api/v1/batches/${world.openId}/policy`, {
            json: policyOf(world, world.openId, 5),
          }),
      ],
    ],
  },
  {
    call: 'post /api/v1/operator/backup',
    ordinary: operator('POST', () => '/backup', {}),
    shape: { file: expect.any(String) },
  },
];

/** Their ordinary use and errors are in tests of their own: hand-over.test.ts and results.test.ts. */
const ELSEWHERE = [
  'get /api/v1/leases/{leaseId}/units/{index}/checkpoint',
  'get /api/v1/batches/{batchId}/units/{index}/files/{path}',
];

let world: World;
beforeAll(async () => {
  world = await restWorld();
});

test('no call is without a test', async () => {
  const { body } = await world.client.call<{ paths: Record<string, object> }>('GET', '/api/v1/openapi.json');
  const calls = Object.entries(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  const tested = [...READS, ...WRITES].map(({ call }) => call);
  expect([...tested, ...ELSEWHERE].toSorted()).toEqual(calls.toSorted());
});

// In this order: what is written changes what the calls after it find.
describe.each<Row>([...READS, ...WRITES])('$call', ({ ordinary, status = 200, shape, errors = [] }) => {
  test('in ordinary use', async () => {
    const answer = await ordinary(world);
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    if (shape !== undefined) expect(answer.body).toMatchObject(shape);
  });

  test.each(errors)('%s, HTTP %i', async (code, errorStatus, ask) => {
    const answer = await ask(world);
    expect(answer.body.code, JSON.stringify(answer.body)).toBe(code);
    expect(answer.status).toBe(errorStatus);
    expect(answer.body.message.length).toBeGreaterThan(10);
  });
});

describe('the operator’s calls', () => {
  const calls = WRITES.filter(({ call }) => call.includes('/operator/')).map(({ call }) => call);

  test.each(calls)('%s needs the token', async (call) => {
    const [method = '', path = ''] = call.split(' ');
    const target = path.replaceAll(/\{\w+\}/g, 'x');
    for (const headers of [{}, { authorization: `Bearer ${OPERATOR_TOKEN}x` }]) {
      const json = method === 'get' ? {} : { json: {} };
      const answer = await world.client.call(method.toUpperCase(), target, { headers, ...json });
      expect([answer.status, answer.body.code]).toEqual([401, 'MH-SIG-008']);
    }
  });
});

test('projects that wait may do nothing, and are seen by the operator alone', async () => {
  const client = new Client(await started({ isOpen: false }));
  const scientist = await found({ client } as World, 'waits');
  expect((await client.call('GET', '/api/v1/projects')).body).toEqual([]);
  expect((await client.operator('GET', '/projects')).body).toMatchObject([{ name: 'waits', state: 'pending' }]);
  expect(await scientist.publish()).toMatchObject({ status: 403, body: { code: 'MH-PRJ-003' } });
});
