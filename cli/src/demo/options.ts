// The demo's options, checked.
import { availableParallelism } from 'node:os';
import { ManyhandsError } from '@manyhands/contract';

export type DemoSettings = { workerCount: number; port: number; cpusPerWorker: number };

/** Throws MH-GEN-009 with the option's name. */
export function readSettings(options: { workers: string; port: string }): DemoSettings {
  const workerCount = integer('--workers', options.workers, [2, 16]);
  const port = integer('--port', options.port, [0, 65_533]);
  return { workerCount, port, cpusPerWorker: Math.max(1, Math.floor(availableParallelism() / workerCount)) };
}

function integer(name: string, text: string, [minimum, maximum]: readonly [number, number]): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < minimum || value > maximum)
    throw new ManyhandsError('MH-GEN-009', {
      message: `${name} must be a whole number from ${minimum} to ${maximum}, not "${text}".`,
    });
  return value;
}
