// PUT of an encrypted checkpoint by the host that computes the unit, and GET by the one that is to go on from it. Nobody else learns that it exists.
import { CHECKPOINT_MAXIMUM_BYTES, leaseIdSchema, unitIndexSchema } from '@manyhands/contract';
import { Controller, Get, Param, Put, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SignedCalls } from '../auth/signed-calls.js';
import { DiskGuard } from '../blocks/disk-guard.js';
import { CheckpointsService } from '../core/checkpoints/checkpoints.service.js';
import { AnswersContent, Subject, TakesBytes } from '../http/described.js';

const indexSchema = z.coerce.number().pipe(unitIndexSchema);

@Subject('checkpoints')
@Controller('api/v1/leases/:leaseId/units/:index/checkpoint')
export class CheckpointsController {
  constructor(
    private readonly checkpoints: CheckpointsService,
    private readonly calls: SignedCalls,
    private readonly disk: DiskGuard,
  ) {}

  @Put()
  @RouteConfig({ bodyMaximumBytes: CHECKPOINT_MAXIMUM_BYTES, bodySender: 'checkpoint' })
  @TakesBytes(CHECKPOINT_MAXIMUM_BYTES)
  async put(
    @Param('leaseId', { schema: leaseIdSchema }) leaseId: z.infer<typeof leaseIdSchema>,
    @Param('index', { schema: indexSchema }) index: number,
    @Req() request: FastifyRequest,
  ): Promise<Record<string, never>> {
    const { publicKey: hostPublicKey, bodySha256: sha256 } = await this.calls.useHead(request);
    const sizeBytes = Number(request.headers['content-length'] ?? 0);
    this.disk.requireRoom(sizeBytes);
    const body = request.body as AsyncIterable<Uint8Array>;
    await this.disk.receiving((hold) => {
      const parts = counted(body, hold);
      return this.checkpoints.receive({ hostPublicKey, leaseId, index }, { parts, sizeBytes, sha256 });
    });
    return {};
  }

  @Get()
  @AnswersContent('application/octet-stream')
  async get(
    @Param('leaseId', { schema: leaseIdSchema }) leaseId: z.infer<typeof leaseIdSchema>,
    @Param('index', { schema: indexSchema }) index: number,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const hostPublicKey = await this.calls.signerOf(request);
    const { stream, sizeBytes } = await this.checkpoints.read({ hostPublicKey, leaseId, index });
    return reply
      .header('content-type', 'application/octet-stream')
      .header('content-length', sizeBytes)
      .header('cache-control', 'no-store')
      .send(stream);
  }
}

/** The same parts, each counted before it goes on. */
async function* counted(
  parts: AsyncIterable<Uint8Array>,
  hold: (sizeBytes: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const part of parts) {
    hold(part.length);
    yield part;
  }
}
