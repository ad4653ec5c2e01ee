// Before and after each file of tests in Node: ends what a test left behind, and says what a test waited for that the runner has ended.
import { afterAll, afterEach } from 'vitest';
import { temporaryFolderSync } from './folders.js';
import { endFile } from './lifetime.js';
import { abandonWaits } from './until.js';

// What a program keeps for its user is kept here: a test neither reads nor changes what the person who runs it has.
process.env.XDG_DATA_HOME = temporaryFolderSync('home');
for (const name of ['COORDINATOR', 'PROJECT', 'OPERATOR_TOKEN']) delete process.env[`MANYHANDS_${name}`];

afterEach(({ task }) => {
  const [error, ...others] = task.result?.errors ?? [];
  const sentences = abandonWaits(task.id);
  if (!error || sentences.length === 0) return;
  error.message = [error.message, ...sentences].join('\n');
  if (others.length === 0) error.stack = error.message;
});

afterAll(async () => {
  for (const sentence of abandonWaits()) console.error(`a hook ${sentence}`);
  await endFile();
});
