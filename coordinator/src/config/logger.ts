// The structured log. Levels: error = a fault of ours; warn = the operator should look; info = what the operator did or started;
// debug = each call. Text that peers chose never appears at info or higher, secrets never at all.
import { type DestinationStream, type Logger, pino } from 'pino';

export const LOGGER = Symbol('logger');

export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = { name: 'coordinator', level, redact: ['req.headers.authorization', 'headers.authorization'] };
  return destination ? pino(options, destination) : pino(options, pino.destination(2));
}
