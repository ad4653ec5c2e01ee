// Backup of a running coordinator and its restore: everything comes back, damage is noticed, nothing is overwritten.
import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Batch, splitFile, utf8Bytes } from '@manyhands/contract';
import { backupCoordinator, restoreCoordinator } from '@manyhands/coordinator';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { Client, started, testFolder } from '../support/running.js';
import { prepared } from '../support/scene.js';
import { unitOf } from '../support/scientist.js';

const input = splitFile(utf8Bytes('an input that must survive'));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function filled() {
  const { dataDirectory, coordinator, scientist } = await prepared({}, { hasToken: false });
  const batch = await scientist.submit({ units: [unitOf('a', { stdin: input.ref })], blocks: input.blocks });
  return { dataDirectory, coordinator, scientist, batch: batch.body };
}

test('a backup of a running coordinator makes the same coordinator again', async () => {
  const { dataDirectory, coordinator, batch } = await filled();
  const file = join(await testFolder(), 'saved.backup');
  const summary = await backupCoordinator({ dataDirectory, file });
  expect(summary.sizeBytes).toBeGreaterThan(0);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await coordinator.stop();
  const target = join(await testFolder(), 'restored');
  expect(await restoreCoordinator({ file, dataDirectory: target })).toMatchObject({ files: summary.files });
  const again = await started({ dataDirectory: target }, { hasToken: false });
  expect(again.coordinatorId).toBe(coordinator.coordinatorId);
  const client = new Client(again);
  expect((await client.call<Batch>('GET', `/api/v1/batches/${batch.batchId}`)).body).toEqual(batch);
  const served = await fetch(`${again.gatewayUrl}/blocks/${input.ref.cid}`);
  expect(await served.text()).toBe('an input that must survive');
  expect(await readFile(join(target, 'operator-token'), 'utf8')).toBe(
    await readFile(join(dataDirectory, 'operator-token'), 'utf8'),
  );
});

test('the operator may ask for one over REST; it lands in the data folder', async () => {
  const dataDirectory = await testFolder();
  const client = new Client(await started({ dataDirectory }));
  const { body } = await client.operator<{ file: string }>('POST', '/backup');
  expect(await readdir(join(dataDirectory, 'backups'))).toHaveLength(1);
  await restoreCoordinator({ file: body.file, dataDirectory: join(await testFolder(), 'restored') });
});

test('a folder that is not empty is not overwritten', async () => {
  const { dataDirectory } = await filled();
  const file = join(await testFolder(), 'saved.backup');
  await backupCoordinator({ dataDirectory, file });
  await expect(restoreCoordinator({ file, dataDirectory })).rejects.toMatchObject({ code: 'MH-GEN-009' });
});

test('a backup takes the place of an older one, and of nothing else', async () => {
  const { dataDirectory } = await filled();
  const file = join(await testFolder(), 'saved.backup');
  const summary = await backupCoordinator({ dataDirectory, file });
  expect(await backupCoordinator({ dataDirectory, file })).toEqual(summary);
  const other = join(await testFolder(), 'thesis.txt');
  await writeFile(other, 'years of work');
  await expect(backupCoordinator({ dataDirectory, file: other })).rejects.toMatchObject({ code: 'MH-GEN-009' });
  expect(await readFile(other, 'utf8')).toBe('years of work');
});

test('a damaged backup is refused and leaves no folder', async () => {
  const { dataDirectory } = await filled();
  const folder = await testFolder();
  const file = join(folder, 'saved.backup');
  await backupCoordinator({ dataDirectory, file });
  const damages: Record<string, string> = {
    'a part changed':
      "UPDATE part SET bytes = zeroblob(length(bytes)) WHERE entry_id = (SELECT id FROM entry WHERE path LIKE 'blocks/%')",
    'a file is missing':
      "DELETE FROM entry WHERE path LIKE 'blocks/%'; UPDATE made SET entries = (SELECT count(*) FROM entry)",
    'it is unfinished': 'DELETE FROM made',
    'a result is another': `INSERT INTO entry (id, path, size_bytes, sha256) VALUES (1000, 'results/00/${'00'.repeat(32)}', 5, x'${sha256('other')}');
      INSERT INTO part VALUES (1000, 0, CAST('other' AS BLOB)); UPDATE made SET entries = (SELECT count(*) FROM entry)`,
    'a path leads out': "UPDATE entry SET path = '../out' WHERE path = 'overlay.key'",
  };
  for (const [name, sql] of Object.entries(damages)) {
    const damaged = join(folder, `${name.replaceAll(' ', '-')}.backup`);
    await writeFile(damaged, await readFile(file));
    const database = new Database(damaged);
    database.pragma('foreign_keys = OFF');
    database.exec(sql);
    database.close();
    const target = join(folder, 'restored');
    await expect(restoreCoordinator({ file: damaged, dataDirectory: target }), name).rejects.toMatchObject({
      code: 'MH-GEN-013',
    });
    expect(
      (await readdir(folder)).filter((entry) => entry.startsWith('restored')),
      name,
    ).toEqual([]);
  }
});

test('what is no backup, of a newer version, or not there is refused', async () => {
  const folder = await testFolder();
  const dataDirectory = join(folder, 'restored');
  await writeFile(join(folder, 'text'), 'this is not a backup');
  for (const name of ['text', 'none'])
    await expect(restoreCoordinator({ file: join(folder, name), dataDirectory }), name).rejects.toMatchObject({
      code: 'MH-GEN-013',
    });
  const newer = new Database(join(folder, 'newer'));
  newer.pragma(`application_id = ${0x4d48424b}`);
  newer.pragma('user_version = 2');
  newer.exec('CREATE TABLE something (id INTEGER)');
  newer.close();
  await expect(restoreCoordinator({ file: join(folder, 'newer'), dataDirectory })).rejects.toMatchObject({
    code: 'MH-GEN-007',
  });
});

test('a folder without a coordinator cannot be saved, and no file is left', async () => {
  const folder = await testFolder();
  const file = join(folder, 'saved.backup');
  await expect(backupCoordinator({ dataDirectory: join(folder, 'none'), file })).rejects.toMatchObject({
    code: 'MH-GEN-013',
  });
  expect(await readdir(folder)).toEqual([]);
});
