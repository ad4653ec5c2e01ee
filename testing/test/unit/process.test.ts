// A process of a test: its lines, its end, and that none outlives its test.
import { expect, it } from 'vitest';
import { TestProcess } from '../../src/index.js';

const script = (source: string) => new TestProcess<{ at?: number; text?: string }>('script', ['-e', source]);
const ENDLESS = "console.log('{\"at\":1}'); console.log('words'); setInterval(() => {}, 1000)";
let left: TestProcess | undefined;

it('gives lines of JSON parsed and others as text, also those said before', async () => {
  left = script(ENDLESS);
  expect(await left.waitFor(({ text }) => text === 'words')).toEqual({ text: 'words' });
  expect(await left.waitFor(({ at }) => at === 1)).toEqual({ at: 1 });
  expect(left.hasEnded).toBe(false);
});

it('has ended with the test that started it', () => {
  expect(left?.hasEnded).toBe(true);
});

it('gives the exit code after all output', async () => {
  const child = script("console.log('last'); console.error('why'); process.exitCode = 3");
  expect(await child.exit()).toBe(3);
  expect(child).toMatchObject({ lines: [{ text: 'last' }], stderr: 'why\n', stdout: 'last\n' });
});

it('a wait for a line ends with the story of a process that ended without it', async () => {
  const child = script("console.error('no such coordinator'); process.exitCode = 4");
  await expect(child.waitFor(({ at }) => at === 2)).rejects.toThrow(/ended with 4(.|\n)*no such coordinator/);
});

it('is asked to end, or killed', async () => {
  const child = script(ENDLESS);
  await child.waitFor(({ at }) => at === 1);
  expect(await child.stop()).toBe(null);
  const killed = script(ENDLESS);
  await killed.kill();
  expect(killed.child.signalCode).toBe('SIGKILL');
});
