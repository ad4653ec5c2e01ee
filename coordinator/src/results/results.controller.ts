// REST calls that hand out accepted results. What a unit wrote is never rendered by a browser.
import { ManyhandsError, unitIndexSchema } from '@manyhands/contract';
import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AnswersContent, Subject } from '../http/described.js';
import { RESULT_POLICY } from '../http/security-headers.js';
import { AcceptedResults } from './accepted-results.js';

const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);
const indexSchema = z.coerce.number().pipe(unitIndexSchema);
const IMMUTABLE = 'public, max-age=31536000, immutable';

@Subject('results')
@AnswersContent('application/octet-stream')
@Controller('api/v1')
export class ResultsController {
  constructor(private readonly results: AcceptedResults) {}

  @Get('results/:digest')
  async bundle(
    @Param('digest', { schema: digestSchema }) digest: string,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const bundle = await this.results.bundle(digest);
    return send(reply, bundle, { fileName: `${digest}.bundle`, cacheControl: IMMUTABLE });
  }

  @Get('batches/:batchId/units/:index/stdout')
  async stdout(
    @Param('batchId') batchId: string,
    @Param('index', { schema: indexSchema }) index: number,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { name, result } = await this.results.ofUnit(batchId, index);
    return send(reply, result.stdout, { fileName: name, cacheControl: 'no-cache' });
  }

  @Get('batches/:batchId/units/:index/files/*')
  async file(
    @Param('batchId') batchId: string,
    @Param('index', { schema: indexSchema }) index: number,
    @Param('*') path: string,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { result } = await this.results.ofUnit(batchId, index);
    const bytes = result.files.find(({ name }) => name === path)?.bytes;
    if (!bytes) throw new ManyhandsError('MH-GEN-003', { message: 'The result has no such file.' });
    return send(reply, bytes, { fileName: path, cacheControl: 'no-cache' });
  }
}

function send(
  reply: FastifyReply,
  bytes: Uint8Array,
  { fileName, cacheControl }: { fileName: string; cacheControl: string },
): FastifyReply {
  const shown = encodeURIComponent(fileName.split('/').at(-1) ?? 'result').replace(/['()*]/g, percentEncode);
  return reply
    .header('content-type', 'application/octet-stream')
    .header('content-disposition', `attachment; filename*=UTF-8''${shown}`)
    .header('content-security-policy', RESULT_POLICY)
    .header('cache-control', cacheControl)
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
