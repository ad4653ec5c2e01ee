// For each REST call: what it answers in ordinary use, and each of its documented errors. Errors that any call may have are in bad-input.test.ts.
import { beforeAll, describe, expect, test } from 'vitest';
import { OPERATOR_CALLS } from '../support/rest-operator.js';
import { READS } from '../support/rest-reads.js';
import { found, type Row } from '../support/rest-rows.js';
import { restWorld, type World } from '../support/rest-world.js';
import { WRITES } from '../support/rest-writes.js';
import { Client, OPERATOR_TOKEN, started } from '../support/running.js';

const ROWS: readonly Row[] = [...READS, ...WRITES, ...OPERATOR_CALLS];
/** Their ordinary use and errors are in tests of their own: hand-over.test.ts, uploads.test.ts, results.test.ts and foundings.test.ts. */
const ELSEWHERE = [
  'get /api/v1/leases/{leaseId}/units/{index}/checkpoint',
  'get /api/v1/leases/{leaseId}/units/{index}/{kind}/parts',
  'patch /api/v1/leases/{leaseId}/units/{index}/{kind}/parts',
  'get /api/v1/batches/{batchId}/units/{index}/files/{path}',
  'post /api/v1/operator/projects/{projectId}/reject',
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
  const tested = ROWS.map(({ call }) => call);
  expect([...tested, ...ELSEWHERE].toSorted()).toEqual(calls.toSorted());
});

// In this order: what is written changes what the calls after it find.
describe.each(ROWS)('$call', ({ ordinary, status = 200, shape, errors = [] }) => {
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
  const calls = OPERATOR_CALLS.map(({ call }) => call).filter((call) => call.includes('/operator/'));

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
