// Asks the worker that runs in a data folder.
import { connect, type Socket } from 'node:net';
import { ManyhandsError } from '@manyhands/contract';
import { type ControlPaths, hasSocketFile, readPortFile } from './address.js';
import { type ControlCommand, controlAnswerSchema, LineReader } from './messages.js';

const TIMEOUT_MS = 10_000;

/** Sends one command; gives the status after it. Throws MH-GEN-003 when no worker runs there, MH-GEN-004 when it does not answer. */
export async function askWorker(paths: ControlPaths, command: ControlCommand): Promise<unknown> {
  const { socket, token } = open(paths);
  const line = await exchange(socket, `${JSON.stringify({ version: 1, command, token })}\n`);
  const answer = controlAnswerSchema.safeParse(JSON.parse(line));
  if (!answer.success) throw new ManyhandsError('MH-GEN-002', { message: 'The worker answered in another form.' });
  if ('error' in answer.data) throw ManyhandsError.fromObject(answer.data.error);
  return answer.data.status;
}

function open(paths: ControlPaths): { socket: Socket; token: string | undefined } {
  if (hasSocketFile(paths)) return { socket: connect({ path: paths.socket }), token: undefined };
  const file = readPortFile(paths);
  if (!file) throw notRunning();
  return { socket: connect({ host: file.host, port: file.port }), token: file.token };
}

function exchange(socket: Socket, line: string): Promise<string> {
  const reader = new LineReader();
  return new Promise((resolve, reject) => {
    socket.setTimeout(TIMEOUT_MS, () =>
      socket.destroy(new ManyhandsError('MH-GEN-004', { message: 'The worker does not answer.' })),
    );
    socket.on('connect', () => socket.write(line));
    socket.on('data', (chunk) => {
      try {
        const answer = reader.push(chunk);
        if (answer !== undefined) resolve(answer);
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ENOENT' || error.code === 'ECONNREFUSED' ? notRunning() : error);
    });
    socket.on('close', () =>
      reject(new ManyhandsError('MH-GEN-004', { message: 'The worker ended before it answered.' })),
    );
  });
}

function notRunning(): ManyhandsError {
  return new ManyhandsError('MH-GEN-003', {
    message:
      'No worker runs in this data folder. Start one with `manyhands worker join`, or name its folder with --data.',
  });
}
