// The way to the coordinator that most commands share: its options, the project in it, and what is said while it can't be reached.
import { ManyhandsError } from '@manyhands/contract';
import type { Coordinator, Project } from '@manyhands/sdk';
import type { Command } from 'commander';
import type { Output } from '../output.js';

export type ConnectionOptions = { coordinator: string; data?: string; json?: boolean };
export type ProjectConnectionOptions = ConnectionOptions & { project?: string };

/** A short trouble is not worth a word: this many attempts are some seconds. */
const TOLD_FROM_ATTEMPT = 4;

export function addConnectionOptions(command: Command): Command {
  return command
    .requiredOption('--coordinator <url>', 'address of the coordinator')
    .option('--data <dir>', 'your data folder, with the keys of your projects (default: the platform’s place for it)')
    .option('--json', 'print machine-readable output');
}

/** Connects; throws MH-GEN-005 when the address is wrong. */
export async function openCoordinator(
  options: ConnectionOptions,
  { out, signal, isPinned = true }: { out: Output; signal?: AbortSignal; isPinned?: boolean },
): Promise<Coordinator> {
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
  return coordinator;
}

/** The end of a command about the same batch, ready to be copied. */
export function sameConnection(coordinator: Coordinator, { project, data }: ProjectConnectionOptions): string {
  const word = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
  const options = [` --coordinator ${word(coordinator.url)}`];
  if (project !== undefined) options.push(` --project ${word(project)}`);
  if (data !== undefined) options.push(` --data ${word(data)}`);
  return options.join('');
}

/** Opens a project that exists. Throws MH-GEN-003. */
export async function openOwnProject(
  coordinator: Coordinator,
  name: string | undefined,
  signal?: AbortSignal,
): Promise<Project> {
  if (name === undefined)
    throw new ManyhandsError('MH-GEN-009', { message: 'Which project? Please add --project NAME.' });
  return coordinator.project(name, { create: false, ...(signal && { signal }) });
}
