// Every error as the contract's error body with its status; an address that is none of the interface's gets a page that people can read.
import { type ErrorCode, fileTroubleCode, isManyhandsError, ManyhandsError } from '@manyhands/contract';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'MH-GEN-002',
  404: 'MH-GEN-003',
  405: 'MH-GEN-003',
  408: 'MH-GEN-004',
  413: 'MH-GEN-011',
  414: 'MH-GEN-011',
  415: 'MH-GEN-002',
  429: 'MH-GEN-012',
  431: 'MH-GEN-011',
};
const RETRY_AFTER_SECONDS = 5;

/** What answers for an address under which there is no page. */
export type UnknownPage = { sendUnknown(reply: FastifyReply): FastifyReply };

@Catch()
export class ErrorsFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly pages: UnknownPage | undefined,
  ) {}

  catch(exception: unknown, host: ArgumentsHost): unknown {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (this.pages && isPageRequest(request) && statusOf(exception) === 404) return this.pages.sendUnknown(reply);
    const error = toManyhandsError(exception);
    if (error.code === 'MH-GEN-001' || error.code === 'MH-GEN-014')
      this.logger.error({ err: exception, method: request.method }, 'unexpected fault');
    return sendError(reply, error);
  }
}

/** Sends an error as its body and status. A fault of ours says nothing about its inside. */
export function sendError(reply: FastifyReply, error: ManyhandsError): FastifyReply {
  const shown = error.code === 'MH-GEN-001' ? new ManyhandsError('MH-GEN-001') : error;
  if (error.retryable) reply.header('retry-after', String(retryAfterSeconds(error)));
  return reply
    .status(error.httpStatus < 400 ? 500 : error.httpStatus)
    .header('content-type', 'application/json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(shown.toObject()));
}

/** When to come again: as the error says, else soon. */
function retryAfterSeconds({ meta }: ManyhandsError): number {
  const { retryAfterMs } = meta;
  return typeof retryAfterMs === 'number' ? Math.max(1, Math.ceil(retryAfterMs / 1000)) : RETRY_AFTER_SECONDS;
}

/** Gives errors of Nest, Fastify and the file system their documented code; anything else becomes the generic one. */
export function toManyhandsError(exception: unknown): ManyhandsError {
  if (isManyhandsError(exception)) return exception;
  const scarce = whatIsScarce(exception);
  if (scarce) return new ManyhandsError(scarce, { cause: exception });
  const code = CODE_OF_STATUS[statusOf(exception)];
  // Trouble with our own files is not the caller's, and its paths are not the caller's business.
  if (!code) return new ManyhandsError('MH-GEN-001', { cause: exception });
  const message = exception instanceof Error ? exception.message : undefined;
  return new ManyhandsError(code, { ...(message && { message }), cause: exception });
}

/** The machine of the coordinator is at its end, which passes; nobody did anything wrong. */
function whatIsScarce(exception: unknown): ErrorCode | undefined {
  const code = fileTroubleCode(exception);
  return code === 'MH-GEN-010' || code === 'MH-GEN-014' ? code : undefined;
}

function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus();
  const { statusCode } = (exception ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : 500;
}

/** Whatever the caller says that it accepts: previews and command lines ask for anything. */
function isPageRequest(request: FastifyRequest): boolean {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  return isRead && !/^\/(api|assets|metrics|healthz|readyz)(?=[/?]|$)/.test(request.url);
}
