// The coordinator and the project that were used last need not be typed; what is typed or in the environment goes first.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Place, startPlace } from '../support/coordinator.js';
import { run, setEnvironment } from '../support/in-process.js';

let place: Place;
let other: Place;
let restore: () => void = () => undefined;
beforeAll(async () => {
  other = await startPlace();
  place = await startPlace();
  for (const { url } of [place, other])
    for (const name of ['one', 'two'])
      expect((await run('project', 'create', name, '--coordinator', url)).exitCode).toBe(0);
});
let count = 0;
/** A home in which nothing was used yet; keys of projects lie where they were made. */
const keys = (): readonly string[] => ['--data', place.at('home', 'manyhands', 'scientist')];
beforeEach(() => {
  count += 1;
  restore = setEnvironment({ XDG_DATA_HOME: place.at(`home-${count}`) });
});
afterEach(() => restore());

const file = (): string => place.at(`home-${count}`, 'manyhands', 'last-used.json');
const remembered = async (): Promise<unknown> => JSON.parse(await readFile(file(), 'utf8'));

test('a coordinator is remembered once it answered, and used with a word', async () => {
  expect((await run('project', 'list')).exitCode).toBe(2);
  expect((await run('project', 'list', '--coordinator', 'http://127.0.0.1:1')).exitCode).toBe(3);
  await expect(remembered()).rejects.toThrow('ENOENT');
  expect((await run('project', 'list', '--coordinator', place.url)).stderr).toBe('');
  expect(await remembered()).toEqual({ version: 1, coordinator: place.url, project: null });
  const again = await run('project', 'list');
  expect(again).toMatchObject({ exitCode: 0, stderr: `Using ${place.url}, as last time.\n` });
  expect(again.stdout).toContain('one');
  expect(await run('project', 'list', '--json')).toMatchObject({ exitCode: 0, stderr: '' });
});

test('what is typed goes before the environment, which goes before what was used last', async () => {
  await run('project', 'list', '--coordinator', place.url);
  const back = setEnvironment({ MANYHANDS_COORDINATOR: other.url });
  expect((await run('project', 'list')).stderr).toBe('');
  expect(await remembered()).toMatchObject({ coordinator: other.url });
  expect((await run('project', 'list', '--coordinator', place.url)).exitCode).toBe(0);
  expect(await remembered()).toMatchObject({ coordinator: place.url });
  back();
});

test('in a data folder that is named things are remembered there', async () => {
  await run('project', 'create', 'mine', '--coordinator', place.url, '--data', place.at('own'));
  await expect(remembered()).rejects.toThrow('ENOENT');
  const listed = await run('batch', 'list', '--data', place.at('own'));
  expect(listed.stderr).toBe(`Using ${place.url}, project mine, as last time.\n`);
  expect(listed).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^mine has no batches yet/) });
});

test('a project is remembered with its coordinator; showing or creating one is using it', async () => {
  const show = (name: string, ...more: string[]) => run('project', 'show', name, ...keys(), ...more);
  expect((await show('one', '--coordinator', place.url)).exitCode).toBe(0);
  expect((await run('batch', 'list', ...keys())).stdout).toMatch(/^one has no/);
  expect((await show('two')).exitCode).toBe(0);
  expect((await run('batch', 'list', ...keys())).stdout).toMatch(/^two has no/);
  expect((await run('batch', 'list', ...keys(), '--project', 'one')).stdout).toMatch(/^one has no/);
  const back = setEnvironment({ MANYHANDS_PROJECT: 'two' });
  expect((await run('batch', 'list', ...keys())).stdout).toMatch(/^two has no/);
  back();
  expect((await run('project', 'list', ...keys(), '--coordinator', other.url)).exitCode).toBe(0);
  const elsewhere = await run('batch', 'list', ...keys(), '--json');
  expect(elsewhere).toMatchObject({ exitCode: 2, code: 'MH-GEN-009' });
});

test('the same coordinator written otherwise is the same', async () => {
  await run('project', 'show', 'one', ...keys(), '--coordinator', place.url);
  const { stderr, exitCode } = await run('batch', 'list', ...keys(), '--coordinator', place.url.replace('http://', ''));
  expect([exitCode, stderr]).toEqual([0, 'Using project one, as last time.\n']);
  expect((await run('batch', 'list', ...keys(), '--coordinator', other.url, '--json')).code).toBe('MH-GEN-009');
});

test('a damaged file is passed over with a word', async () => {
  await mkdir(place.at(`home-${count}`, 'manyhands'), { recursive: true });
  await writeFile(file(), '{');
  const without = await run('project', 'list');
  expect(without.exitCode).toBe(2);
  expect(without.stderr).toMatch(/last-used\.json is damaged.*\n.*Which coordinator/);
  expect((await run('project', 'list', '--coordinator', place.url)).exitCode).toBe(0);
  expect(await remembered()).toMatchObject({ coordinator: place.url });
});
