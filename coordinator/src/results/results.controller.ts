// REST calls that hand out accepted results, of large ones only what is asked for, as it is read. What a unit wrote is never rendered by a browser.
import { ManyhandsError, unitIndexSchema } from '@manyhands/contract';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Content, StoredBundle } from '../core/results/stored-bundle.js';
import { AnswersContent, Subject } from '../http/described.js';
import { Costly } from '../http/read-budget.js';
import { isSame } from '../http/reusable.js';
import { RESULT_POLICY } from '../http/security-headers.js';
import { AcceptedResults } from './accepted-results.js';

const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);
const indexSchema = z.coerce.number().pipe(unitIndexSchema);
const IMMUTABLE = 'public, max-age=31536000, immutable';
/** A unit that failed and was tried again has another result. */
const CHANGEABLE = 'no-cache';

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply };
type Wanted = {
  readonly digest: string;
  readonly fileName: string;
  readonly cacheControl: string;
  read(bundle: StoredBundle): Promise<Content | undefined>;
};

@Subject('results')
@AnswersContent('application/octet-stream')
@Controller('api/v1')
export class ResultsController {
  constructor(private readonly results: AcceptedResults) {}

  @Get('results/:digest')
  @Costly()
  bundle(
    @Param('digest', { schema: digestSchema }) digest: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const wanted = { digest, fileName: `${digest}.bundle`, cacheControl: IMMUTABLE };
    return this.send({ ...wanted, read: (bundle) => bundle.whole() }, { request, reply });
  }

  @Get('batches/:batchId/units/:index/stdout')
  @Costly()
  async stdout(
    @Param('batchId') batchId: string,
    @Param('index', { schema: indexSchema }) index: number,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { name, digest } = await this.results.ofUnit(batchId, index);
    const wanted = { digest, fileName: name, cacheControl: CHANGEABLE };
    return this.send({ ...wanted, read: (bundle) => bundle.stdout() }, { request, reply });
  }

  @Get('batches/:batchId/units/:index/files/*')
  @Costly()
  async file(
    @Param('batchId') batchId: string,
    @Param('index', { schema: indexSchema }) index: number,
    @Param('*') path: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { digest } = await this.results.ofUnit(batchId, index);
    const wanted = { digest, fileName: path, cacheControl: CHANGEABLE };
    return this.send({ ...wanted, read: (bundle) => bundle.file(path) }, { request, reply });
  }

  /** Throws MH-BAT-009, MH-GEN-003 when the result has not what is wanted. */
  private async send(
    { digest, fileName, cacheControl, read }: Wanted,
    { request, reply }: Exchange,
  ): Promise<FastifyReply> {
    const bundle = await this.results.bundle(digest);
    const etag = `"${digest}"`;
    reply.header('etag', etag).header('cache-control', cacheControl);
    if (isSame(request.headers['if-none-match'], etag)) return reply.status(304).send();
    const content = await read(bundle);
    if (!content) throw new ManyhandsError('MH-GEN-003', { message: 'The result has no such file.' });
    const shown = encodeURIComponent(fileName.split('/').at(-1) ?? 'result').replace(/['()*]/g, percentEncode);
    return reply
      .header('content-type', 'application/octet-stream')
      .header('content-disposition', `attachment; filename*=UTF-8''${shown}`)
      .header('content-security-policy', RESULT_POLICY)
      .header('content-length', String(content.sizeBytes))
      .send(content.body instanceof Uint8Array ? asBuffer(content.body) : content.body);
  }
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
