// A structured log that nobody can fill by causing equal events, and in which no text acts on what shows it.
import { plainEvent } from '@manyhands/contract';
import { type DestinationStream, type Level, type Logger, type LoggerOptions, pino } from 'pino';
import { RepeatedEvents, type Told } from './repeated-events.js';

export type BoundedLogOptions = Omit<LoggerOptions, 'hooks'> & {
  /** Whether lines of a logger with these bindings are all told. */
  readonly isFree?: (bindings: Readonly<Record<string, unknown>>) => boolean;
};
type Dependencies = { destination: DestinationStream; nowMs?: () => number };

const TELL_INTERVAL_MS = 1000;
/** Below it whoever set the level has asked for every line. */
const BOUNDED_FROM = pino.levels.values.info ?? 30;
/** Time, level, process and machine of each line. */
const ENVELOPE_BYTES = 150;

/** Its `flush` also tells what was only counted so far. */
export function createBoundedLog(
  { isFree = () => false, ...options }: BoundedLogOptions,
  { destination, nowMs = () => performance.now() }: Dependencies,
): Logger {
  const repeated = new RepeatedEvents();
  let isTelling = false;
  const hooks: LoggerOptions['hooks'] = {
    logMethod(parts, method, value) {
      const plain = (parts as readonly unknown[]).map(plainEvent) as typeof parts;
      const isUnbounded = isTelling || value < BOUNDED_FROM || isFree(this.bindings());
      const sizeBytes = ENVELOPE_BYTES + Buffer.byteLength(JSON.stringify(plain));
      if (isUnbounded || repeated.admit(`${value} ${kindOf(plain)}`, sizeBytes, nowMs())) method.apply(this, plain);
    },
  };
  const logger = pino({ ...options, hooks }, destination);
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
