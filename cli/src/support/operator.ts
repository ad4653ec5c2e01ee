// The operator's calls of the command line.
import type { Operator } from '@manyhands/sdk';
import type { Output } from '../output.js';
import { openCoordinator } from './connection.js';
import { operatorToken } from './coordinator-folder.js';

type OperatorOptions = { coordinator: string; data?: string; tokenFile?: string };

/** Connects as the operator. Throws MH-SIG-008 when there is no token. */
export async function openOperator(options: OperatorOptions, out: Output): Promise<Operator> {
  const { Operator: OperatorCalls } = await import('@manyhands/sdk');
  const token = await operatorToken(options);
  const coordinator = await openCoordinator({ coordinator: options.coordinator }, { out, isPinned: false });
  return new OperatorCalls(coordinator, { token });
}
