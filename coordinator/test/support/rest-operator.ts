// The operator's calls.
import { expect } from 'vitest';
import { found, NOBODY, operator, type Row, signed } from './rest-rows.js';
import type { World } from './rest-world.js';
import { policyOf } from './rest-writes.js';

/** After those that write: the last but one stops the program that they use. */
export const OPERATOR_CALLS: readonly Row[] = [
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
