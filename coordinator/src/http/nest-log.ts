// Passes what Nest says on to the structured log, one level lower: its start-up lines are details here.
import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown): void {
    this.logger.debug({ part: 'nest' }, String(message));
  }

  error(message: unknown): void {
    if (String(message).includes('EADDRINUSE')) return; // thrown as MH-GEN-006, which says it better
    this.logger.error({ part: 'nest' }, String(message));
  }

  warn(message: unknown): void {
    this.logger.warn({ part: 'nest' }, String(message));
  }

  debug(message: unknown): void {
    this.logger.trace({ part: 'nest' }, String(message));
  }

  verbose(message: unknown): void {
    this.logger.trace({ part: 'nest' }, String(message));
  }
}
