// One part of the spread scenario as a process of its own: the coordinator or a worker, as their own packages start them.
import { startCoordinator } from '@manyhands/coordinator';
import { startWorker } from '@manyhands/worker';
import type { FromPart, ToPart } from './spread-messages.js';

const tell = (message: FromPart): void => {
  process.send?.(message, () => {});
};

let stop: () => Promise<void> = async () => {};

async function start(message: ToPart): Promise<void> {
  if (message.type === 'coordinator') {
    const { dataDirectory } = message;
    const coordinator = await startCoordinator({ dataDirectory, port: 0, isOpen: true, logLevel: 'silent' });
    stop = () => coordinator.stop();
    tell({ type: 'listening', url: coordinator.url, gatewayUrl: coordinator.gatewayUrl });
  } else if (message.type === 'worker') {
    const { type: _, ...options } = message;
    const worker = await startWorker({ ...options, cpus: 1, logLevel: 'silent' });
    stop = () => worker.stop();
    tell({ type: 'ready' });
  } else {
    await stop();
    process.exit(0);
  }
}

process.on('message', (message: ToPart) => {
  start(message).catch((error: unknown) => tell({ type: 'failed', message: String(error) }));
});
process.once('disconnect', () => process.exit(0));
