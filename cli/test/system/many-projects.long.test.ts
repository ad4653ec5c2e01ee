// A coordinator with more words about its projects than any one answer holds: who joins for one of them still finds it.
import { connect } from '@manyhands/sdk';
import { manyhands } from '@manyhands/testing';
import { beforeAll, expect, test } from 'vitest';
import { type Place, startPlace, succeed } from '../support/coordinator.js';

/** Together more than the 4 MiB that a worker takes of one answer. */
const PROJECTS = 110;
const LONG_TEXT = '語'.repeat(4000);
const nameOf = (at: number): string => `project-${String(at).padStart(2, '0')}`;

let place: Place;
beforeAll(async () => {
  place = await startPlace();
  const coordinator = await connect(place.url, { dataDirectory: place.at('owner') });
  for (let at = 0; at < PROJECTS; at++) {
    const project = await coordinator.project(nameOf(at), { description: LONG_TEXT });
    await project.edit({ title: `Number ${at}` });
  }
});

test('a volunteer joins for the last of many projects', async () => {
  const words = ['worker', 'join', place.url, '--data', place.at('volunteer'), '--project', nameOf(PROJECTS - 1)];
  const ended = await manyhands([...words, '--cpus', '1', '--no-p2p', '--once', '--json']);
  expect(ended.lines.at(-1)).toMatchObject({ event: 'ended', code: null, exitCode: 0 });
});

test('one that does not exist is refused, with some of those that do', async () => {
  const words = [
    'worker',
    'join',
    place.url,
    '--data',
    place.at('lost'),
    '--project',
    'project-999',
    '--once',
    '--json',
  ];
  const ended = await manyhands(words);
  expect(ended.lines.at(-1)).toMatchObject({
    error: { code: 'MH-GEN-003', message: expect.stringMatching(/no project named project-999\. It has: project-/) },
  });
});

test('the list of projects is whole, page after page', async () => {
  const { lines } = await succeed('project', 'list', '--coordinator', place.url);
  const projects = lines[0]?.projects as { name: string }[];
  expect(projects.map(({ name }) => name)).toEqual(Array.from({ length: PROJECTS }, (_, at) => nameOf(at)));
});
