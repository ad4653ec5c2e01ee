// The way to the coordinator that most commands share: its options, what was used last, and what is said while it can't be reached.
import { coordinatorUrlOf, ManyhandsError } from '@manyhands/contract';
import { shellWord } from '@manyhands/contract/words';
import type { Coordinator, Project } from '@manyhands/sdk';
import { type Command, Option } from 'commander';
import type { Output } from '../output.js';
import { color, terminalLine } from '../terminal-text.js';
import { type LastUsed, lastUsedFile, readLastUsed, rememberUsed } from './last-used.js';

export type ConnectionOptions = { coordinator: string; data?: string; json?: boolean };
export type ProjectConnectionOptions = ConnectionOptions & { project?: string };

/** A short trouble is not worth a word: this many attempts are some seconds. */
const TOLD_FROM_ATTEMPT = 4;

/** `--coordinator`, by default the one used last. */
export function addCoordinatorOption(command: Command): Command {
  return command
    .addOption(
      new Option('--coordinator <url>', 'address of the coordinator (default: the one used last)').env(
        'MANYHANDS_COORDINATOR',
      ),
    )
    .hook('preAction', (_, acting) => fillIn(acting));
}

/** `--project`, by default the one used last on this coordinator. */
export function addProjectOption(command: Command, about = 'a project of yours'): Command {
  return command.addOption(
    new Option('--project <name>', `${about} (default: the one used last)`).env('MANYHANDS_PROJECT'),
  );
}

export function addConnectionOptions(command: Command): Command {
  return addCoordinatorOption(command)
    .option('--data <dir>', 'your data folder, with the keys of your projects (default: the platform’s place for it)')
    .option('--json', 'print machine-readable output');
}

/** The coordinator of the environment, or the one used last, for a command whose address was left out. Throws MH-GEN-009. */
export async function coordinatorFor(data: string | undefined, out: Output): Promise<string> {
  const fromEnvironment = process.env.MANYHANDS_COORDINATOR;
  if (fromEnvironment) return fromEnvironment;
  const lastUsed = await readLastUsed(await lastUsedFile(data), (why) => out.note(out.color.dim(why)));
  if (!lastUsed)
    throw new ManyhandsError('MH-GEN-009', {
      message: 'Which coordinator? Please add its address; it is remembered for the next time.',
    });
  out.note(out.color.dim(`Using ${lastUsed.coordinator}, as last time.`));
  return lastUsed.coordinator;
}

const FROM_LAST_USE = 'last use';

/** Takes what was neither typed nor in the environment from the last use, and says so. Ends the command when there is no coordinator. */
async function fillIn(command: Command): Promise<void> {
  const { coordinator, data, json } = command.opts<Partial<ConnectionOptions>>();
  const note = (text: string): void => {
    if (json !== true) command.configureOutput().writeErr?.(`${terminalLine(color.dim(text))}\n`);
  };
  const lastUsed = await readLastUsed(await lastUsedFile(data), note);
  const taken = takeFrom(lastUsed, command);
  if (taken.length > 0) note(`Using ${taken.join(', ')}, as last time.`);
  if (coordinator === undefined && lastUsed === undefined)
    command.error('error: Which coordinator? Please add --coordinator URL; it is remembered for the next time.');
}

function takeFrom(lastUsed: LastUsed | undefined, command: Command): string[] {
  if (!lastUsed) return [];
  const taken: string[] = [];
  const coordinator = command.getOptionValue('coordinator') as string | undefined;
  if (coordinator === undefined) {
    command.setOptionValueWithSource('coordinator', lastUsed.coordinator, FROM_LAST_USE);
    taken.push(lastUsed.coordinator);
  }
  const hasProject = command.options.some((option) => option.attributeName() === 'project');
  const isSame = coordinator === undefined || isSameAddress(coordinator, lastUsed.coordinator);
  if (hasProject && isSame && lastUsed.project !== null && command.getOptionValue('project') === undefined) {
    command.setOptionValueWithSource('project', lastUsed.project, FROM_LAST_USE);
    taken.push(`project ${lastUsed.project}`);
  }
  return taken;
}

function isSameAddress(typed: string, remembered: string): boolean {
  try {
    return coordinatorUrlOf(typed) === remembered;
  } catch {
    return false; // the command itself will say what is wrong with it
  }
}

type OpenDependencies = {
  out: Output;
  signal?: AbortSignal;
  isPinned?: boolean;
  /** The data folder in which is remembered that this coordinator was used; by default that of the options. */
  memory?: string | undefined;
};

/** Connects, and remembers that it could; throws MH-GEN-005 when the address is wrong. */
export async function openCoordinator(
  options: ConnectionOptions,
  dependencies: OpenDependencies,
): Promise<Coordinator> {
  const { out, signal, isPinned = true, memory = options.data } = dependencies;
  const { connect } = await import('@manyhands/sdk');
  let isConnected = false;
  let isTold = false;
  const coordinator = await connect(options.coordinator, {
    ...(options.data !== undefined && { dataDirectory: options.data }),
    ...(signal && { signal }),
    isPinned,
    onTrouble: ({ error, attempt }) => {
      if (attempt === 0) isTold = false;
      if (!isConnected || isTold || attempt < TOLD_FROM_ATTEMPT) return;
      isTold = true;
      out.note(`${error.message} I keep trying; nothing is lost. ${out.color.dim(error.code)}`);
    },
  });
  isConnected = true;
  await rememberUsed(await lastUsedFile(memory), { coordinator: coordinator.url });
  return coordinator;
}

/** The end of a command about the same batch, ready to be copied. */
export function sameConnection(
  coordinator: Pick<Coordinator, 'url'>,
  { project, data }: ProjectConnectionOptions,
): string {
  const options = [` --coordinator ${shellWord(coordinator.url)}`];
  if (project !== undefined) options.push(` --project ${shellWord(project)}`);
  if (data !== undefined) options.push(` --data ${shellWord(data)}`);
  return options.join('');
}

/** Opens a project that exists, and remembers that it was used. Throws MH-GEN-003. */
export async function openOwnProject(
  coordinator: Coordinator,
  { project: name, data }: Pick<ProjectConnectionOptions, 'project' | 'data'>,
  signal?: AbortSignal,
): Promise<Project> {
  if (name === undefined)
    throw new ManyhandsError('MH-GEN-009', { message: 'Which project? Please add --project NAME.' });
  const project = await coordinator.project(name, { create: false, ...(signal && { signal }) });
  await rememberProject(project, data);
  return project;
}

/** From now on commands are about this project unless they name another. */
export async function rememberProject({ name, coordinator }: Project, data: string | undefined): Promise<void> {
  await rememberUsed(await lastUsedFile(data), { coordinator: coordinator.url, project: name });
}
