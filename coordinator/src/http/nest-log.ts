// Passes what Nest says on to the structured log, one level lower: its start-up lines are details here.
import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...more: unknown[]): void {
    this.logger.debug(partOf(more), String(message));
  }

  error(message: unknown, ...more: unknown[]): void {
    if (String(message).includes('EADDRINUSE')) return; // thrown as MH-GEN-006, which says it better
    this.logger.error(partOf(more), String(message));
  }

  warn(message: unknown, ...more: unknown[]): void {
    this.logger.warn(partOf(more), String(message));
  }

  debug(message: unknown, ...more: unknown[]): void {
    this.logger.trace(partOf(more), String(message));
  }

  verbose(message: unknown, ...more: unknown[]): void {
    this.logger.trace(partOf(more), String(message));
  }
}

/** Nest gives the name of the speaking class last. */
function partOf(more: readonly unknown[]): { part: 'nest'; context: string } {
  const last = more.at(-1);
  return { part: 'nest', context: typeof last === 'string' && /^\w+$/.test(last) ? last : '' };
}
