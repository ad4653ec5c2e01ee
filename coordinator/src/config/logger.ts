// The structured log. Levels: error = a fault of ours; warn = the operator should look; info = what the operator did or started;
// debug = each call. Text that peers chose never appears at info or higher, secrets never at all.
import { createBoundedLog } from '@manyhands/foundation/log';
import { type DestinationStream, type Logger, pino } from 'pino';

export const LOGGER = Symbol('logger');
/** Bindings of a child that logs what the operator does: none of that is merely counted. */
export const BY_OPERATOR = { by: 'operator' } as const;

/** Its `flush` also tells what was only counted so far. */
export function createLogger(
  level: string,
  destination: DestinationStream = pino.destination(2),
  nowMs: () => number = () => performance.now(),
): Logger {
  const redact = ['req.headers.authorization', 'headers.authorization'];
  const isFree = ({ by }: Readonly<Record<string, unknown>>): boolean => by === BY_OPERATOR.by;
  return createBoundedLog({ name: 'coordinator', level, redact, isFree }, { destination, nowMs });
}
