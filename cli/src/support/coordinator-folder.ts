// Where a coordinator's data lies unless told otherwise, and the operator's token in it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, ManyhandsError } from '@manyhands/contract';

/** Where the environment says a coordinator's data lies, or the platform's place for it. */
export async function coordinatorFolder(): Promise<string> {
  const fromEnvironment = process.env.MANYHANDS_DATA_DIRECTORY;
  if (fromEnvironment) return fromEnvironment;
  const { default: envPaths } = await import('env-paths');
  return join(envPaths('manyhands', { suffix: '' }).data, 'coordinator');
}

/** Where a coordinator's folder has its token. */
export function tokenFileIn(dataDirectory: string): string {
  return join(dataDirectory, 'operator-token');
}

/** What a header can carry, on one line. */
const TOKEN = /^[\x21-\x7e]{16,200}$/;

/** The operator's token: from a file, the environment, or the data folder, in this order. Throws MH-SIG-008. */
export async function operatorToken(options: { tokenFile?: string; data?: string }): Promise<string> {
  const fromEnvironment = process.env.MANYHANDS_OPERATOR_TOKEN;
  if (options.tokenFile === undefined && options.data === undefined && fromEnvironment) return fromEnvironment;
  const file = options.tokenFile ?? tokenFileIn(options.data ?? (await coordinatorFolder()));
  const token = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ManyhandsError('MH-SIG-008', {
      message: `${fileError('read the operator’s token', file, cause).message} Name its file with --token-file, or the coordinator's folder with --data.`,
      meta: { file },
      cause,
    });
  });
  if (TOKEN.test(token.trim())) return token.trim();
  throw new ManyhandsError('MH-SIG-008', {
    message: `${file} does not hold an operator's token: it should be one line of letters and digits.`,
    meta: { file },
  });
}
