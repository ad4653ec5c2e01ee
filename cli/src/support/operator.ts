// The options and the calls of the operator on the command line.
import { existsSync } from 'node:fs';
import type { Operator } from '@manyhands/sdk';
import type { Command } from 'commander';
import type { Output } from '../output.js';
import { addCoordinatorOption, openCoordinator } from './connection.js';
import { operatorToken, tokenFileIn } from './coordinator-folder.js';

export type OperatorOptions = { coordinator: string; data?: string; tokenFile?: string; json?: boolean };

export function addOperatorOptions(command: Command): Command {
  return addCoordinatorOption(command)
    .option('--data <dir>', 'data folder of the coordinator, where its token lies')
    .option(
      '--token-file <file>',
      'file with the operator’s token (default: MANYHANDS_OPERATOR_TOKEN, or the one in --data)',
    )
    .option('--json', 'print machine-readable output');
}

/** Whether the caller says where a token is; a coordinator's folder that happens to be on this computer may be another one's. */
export function hasOperatorToken({ data, tokenFile }: OperatorOptions): boolean {
  if (data !== undefined && tokenFile === undefined) return existsSync(tokenFileIn(data));
  return (tokenFile ?? process.env.MANYHANDS_OPERATOR_TOKEN) !== undefined;
}

/** Connects as the operator. Throws MH-SIG-008 when there is no token. */
export async function openOperator(options: OperatorOptions, out: Output): Promise<Operator> {
  const { Operator: OperatorCalls } = await import('@manyhands/sdk');
  const token = await operatorToken(options);
  const { coordinator: address, data: memory } = options;
  const coordinator = await openCoordinator({ coordinator: address }, { out, isPinned: false, memory });
  return new OperatorCalls(coordinator, { token });
}
