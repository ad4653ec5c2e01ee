// The structured log. Levels: error = a fault of ours; warn = the operator should look; info = what the operator did or started;
// debug = each call. Text that peers chose never appears at info or higher, secrets never at all. Whatever is logged, equal events cannot fill the disk,
// and no text acts on what shows it.
import { plainEvent } from '@manyhands/contract';
import { type DestinationStream, type Level, type Logger, pino } from 'pino';
import { RepeatedEvents, type Told } from './domain/repeated.js';

export const LOGGER = Symbol('logger');
/** Bindings of a child that logs what the operator does: none of that is merely counted. */
export const BY_OPERATOR = { by: 'operator' } as const;

const TELL_INTERVAL_MS = 1000;
/** Below it (each call, and what Nest says) the operator has asked for every line. */
const BOUNDED_FROM = pino.levels.values.info ?? 30;
/** Time, level, process and machine of each line. */
const ENVELOPE_BYTES = 150;

/** Its `flush` also tells what was only counted so far. */
export function createLogger(
  level: string,
  destination: DestinationStream = pino.destination(2),
  nowMs: () => number = () => performance.now(),
): Logger {
  const repeated = new RepeatedEvents();
  let isTelling = false;
  const logger = pino(
    {
      name: 'coordinator',
      level,
      redact: ['req.headers.authorization', 'headers.authorization'],
      hooks: {
        logMethod(parts, method, value) {
          const plain = (parts as readonly unknown[]).map(plainEvent) as typeof parts;
          const isFree = isTelling || value < BOUNDED_FROM || this.bindings().by === BY_OPERATOR.by;
          const sizeBytes = ENVELOPE_BYTES + Buffer.byteLength(JSON.stringify(plain));
          if (isFree || repeated.admit(`${value} ${kindOf(plain)}`, sizeBytes, nowMs())) method.apply(this, plain);
        },
      },
    },
    destination,
  );
  const tell = (counts: readonly Told[]): void => {
    isTelling = true;
    for (const { kind, count } of counts) {
      const [value, ...words] = kind.split(' ');
      logger[pino.levels.labels[Number(value)] as Level]({ count, what: words.join(' ') }, 'the same again, counted');
    }
    isTelling = false;
  };
  setInterval(() => tell(repeated.due(nowMs())), TELL_INTERVAL_MS).unref();
  const flush = logger.flush.bind(logger);
  logger.flush = (done) => {
    tell(repeated.all());
    flush(done);
  };
  return logger;
}

/** What makes events equal: their words, who says them, and the name of an error; never what differs from one to the next. */
function kindOf([first, words]: readonly unknown[]): string {
  if (typeof first === 'string') return first;
  const { part, context, err } = (first ?? {}) as { part?: unknown; context?: unknown; err?: { type?: unknown } };
  if (part !== undefined) return `${part} ${context ?? ''}`;
  return `${words ?? ''} ${err?.type ?? ''}`.trim();
}
