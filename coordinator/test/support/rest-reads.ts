// The calls that only read.
import { get, NOBODY, noBatch, noProject, type Row } from './rest-rows.js';

const COUNTS = { total: 2, accepted: 2, failed: 0, ended: { cancelled: 0, expired: 0, stopped: 0 } };

/** In any order. */
export const READS: readonly Row[] = [
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
    errors: [
      ['MH-GEN-002', 400, get('/projects?name=..')],
      ['MH-GEN-002', 400, get('/projects?limit=501')],
      ['MH-GEN-003', 404, get(`/projects?after=proj_${NOBODY}`)],
    ],
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
    errors: [
      ['MH-GEN-003', 404, noProject('/app-versions')],
      ['MH-GEN-003', 404, get(({ scientist }) => `/projects/${scientist.projectId}/app-versions?after=app_${NOBODY}`)],
    ],
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
    errors: [
      ['MH-GEN-003', 404, noProject('/batches')],
      ['MH-GEN-003', 404, get(({ scientist }) => `/projects/${scientist.projectId}/batches?after=batch_${NOBODY}`)],
    ],
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
