// Who may have a refused program checked again: its owner, by a call that is signed anew, and within the places of the project.
import { join } from 'node:path';
import type { AppVersionStatus } from '@manyhands/contract';
import BetterSqlite3 from 'better-sqlite3';
import { expect, test } from 'vitest';
import { keyOf } from '../support/records.js';
import { Client, started, until } from '../support/running.js';
import { prepared } from '../support/scene.js';

/** As if the check had not been done in time. */
function refuse(dataDirectory: string, appVersionId: string): void {
  const db = new BetterSqlite3(join(dataDirectory, 'coordinator.sqlite'));
  const refusal = {
    code: 'MH-GEN-004',
    message: 'The check of the module took too long.',
    meta: {},
    retryable: true,
    fault: 'platform',
  };
  db.prepare("UPDATE app_version SET state = 'refused', refusal = ? WHERE app_version_id = ?").run(
    JSON.stringify(refusal),
    appVersionId,
  );
  db.close();
}

test('the public record does not start a check again, a call that the owner signs does', async () => {
  const { dataDirectory, coordinator, scientist } = await prepared();
  const { appVersionId, projectId } = scientist;
  await coordinator.stop();
  refuse(dataDirectory, appVersionId);
  const client = new Client(await started({ dataDirectory }));
  const get = async () => (await client.call<AppVersionStatus>('GET', `/api/v1/app-versions/${appVersionId}`)).body;
  const { record, state } = await get();
  expect(state).toBe('refused');
  const path = `/api/v1/projects/${projectId}/app-versions`;
  const post = (signer?: ReturnType<typeof keyOf>) =>
    client.call<AppVersionStatus>('POST', path, { json: { record }, ...(signer && { signer }) });
  expect((await post()).body.state, 'by anybody').toBe('refused');
  expect((await post(keyOf('somebody'))).body.state, 'by another key').toBe('refused');
  expect((await post(scientist.key)).body.state).toBe('pending');
  expect((await until(get, (status) => status.state !== 'pending')).state).toBe('ready');
});
