// A real coordinator for a file of tests, and the folders and variables of whoever uses it.
import { join } from 'node:path';
import { ManyhandsProcess, temporaryFolderSync } from '@manyhands/testing';
import { type Ended, run, setEnvironment } from './in-process.js';

export type Place = { url: string; folder: string; coordinatorData: string; at(...parts: string[]): string };

/** Starts it for the whole file, with a home of its own. */
export async function startPlace({ isOpen = true }: { isOpen?: boolean } = {}): Promise<Place> {
  const folder = temporaryFolderSync('cli');
  setEnvironment({ XDG_DATA_HOME: join(folder, 'home') });
  const coordinatorData = join(folder, 'coordinator');
  const words = ['coordinator', 'start', '--data', coordinatorData, '--port', '0', '--json'];
  const coordinator = new ManyhandsProcess([...words, ...(isOpen ? ['--open'] : [])], { lifetime: 'file' });
  const { url } = await coordinator.event('listening');
  return { url: String(url), folder, coordinatorData, at: (...parts) => join(folder, ...parts) };
}

/** Runs a command, which must end with 0, and gives its JSON lines. */
export async function succeed(...words: readonly string[]): Promise<Ended> {
  const ended = await run(...words, '--json');
  if (ended.exitCode !== 0) throw new Error(`manyhands ${words.join(' ')}: ${ended.exitCode} ${ended.stdout}`);
  return ended;
}
