// How the executor process gives way when the worker itself was started with `nice`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { atEnd } from '@manyhands/testing';
import { expect, test } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../dist/executor/process/executor-process.js');

test.skipIf(process.platform === 'win32')(
  'the executor never goes above what the worker was started with, which the system would forbid',
  async () => {
    const own = getPriority();
    const words = ['-n', '7', process.execPath, SCRIPT, '1', '0'];
    const child = spawn('nice', words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    atEnd(() => void child.kill('SIGKILL'));
    child.send({ kind: 'runs', runs: [{ id: 1, module: 'there is none' }] });
    await once(child, 'message'); // it has started
    expect(getPriority(child.pid)).toBe(Math.min(19, own + 7));
  },
);
