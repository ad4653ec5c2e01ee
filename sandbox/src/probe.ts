// Runs behind a wall that is being tried, without Node’s own limits: says which of the things that a wall must stop went through.
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

export type ProbeReport = { open: string[] };

const open: string[] = [];
attempt('files', () => readFileSync(process.argv[2] ?? ''));
attempt('processes', () => {
  const { error } = spawnSync(process.execPath, ['--version']);
  if (error) throw error;
});
if (await canOpenSockets()) open.push('network');
// What the process is for must work.
await once(new Worker('0', { eval: true }), 'exit');
process.send?.({ open } satisfies ProbeReport, () => process.disconnect());

function attempt(what: string, act: () => void): void {
  try {
    act();
    open.push(what);
  } catch {
    // as it should be
  }
}

async function canOpenSockets(): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject).bind(0, '127.0.0.1', resolve);
    });
    socket.close();
    return true;
  } catch {
    return false;
  }
}
