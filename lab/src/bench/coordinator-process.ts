// The coordinator under test, in a process of its own, which tells how much CPU it has used.
import { startCoordinator } from '@manyhands/coordinator';
import type { CoordinatorAsk, CoordinatorSay, StartCoordinator } from './messages.js';

const say = (message: CoordinatorSay): void => void process.send?.(message);
let stop = async (): Promise<void> => {};

async function start({ dataDirectory, readCpuMsPerSecond }: StartCoordinator): Promise<void> {
  // All load comes from one address of this machine, more than one network may bring.
  const bounds = {
    requestsPerSecond: 100_000,
    handshakesPerMinute: 100_000,
    handshakesPerSecond: 10_000,
    newcomersPerHour: 100_000,
  };
  const usual = { port: 0, isOpen: true, logLevel: 'error', diskReserveBytes: 0, ...bounds } as const;
  const options = { ...usual, dataDirectory, ...(readCpuMsPerSecond && { readCpuMsPerSecond }) };
  const coordinator = await startCoordinator(options);
  stop = () => coordinator.stop();
  const { url, coordinatorId } = coordinator;
  say({ type: 'started', url, coordinatorId });
}

process.on('message', (message: CoordinatorAsk) => {
  if (message.type === 'start') void start(message);
  if (message.type === 'cpu') {
    const { user, system } = process.cpuUsage();
    say({ type: 'cpu', cpuMs: (user + system) / 1000 });
  }
});
process.on('disconnect', () => void stop().finally(() => process.exit(0)));
