// GET and PATCH of the parts of a result or checkpoint by the host that computed it: where to go on, and the bytes from there.
import {
  leaseIdSchema,
  ManyhandsError,
  PART_MAXIMUM_BYTES,
  partQuerySchema,
  type UploadState,
  unitIndexSchema,
  uploadKindSchema,
  uploadQuerySchema,
  uploadStateSchema,
} from '@manyhands/contract';
import { Controller, Get, Param, Patch, Query, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SignedCalls } from '../auth/signed-calls.js';
import { DiskGuard } from '../blocks/disk-guard.js';
import { CheckpointsService } from '../core/checkpoints/checkpoints.service.js';
import { ResultsService } from '../core/validation/results.service.js';
import { Answers, Subject, TakesBytes } from '../http/described.js';

const partParamsSchema = z.object({
  leaseId: leaseIdSchema,
  index: z.coerce.number().pipe(unitIndexSchema),
  kind: uploadKindSchema,
});
type Params = z.infer<typeof partParamsSchema>;

@Subject('uploads')
@Controller('api/v1/leases/:leaseId/units/:index/:kind/parts')
export class PartsController {
  constructor(
    private readonly results: ResultsService,
    private readonly checkpoints: CheckpointsService,
    private readonly calls: SignedCalls,
    private readonly disk: DiskGuard,
  ) {}

  @Get()
  @Answers(uploadStateSchema)
  async state(
    @Param({ schema: partParamsSchema }) { kind, ...unit }: Params,
    @Query({ schema: uploadQuerySchema }) query: z.infer<typeof uploadQuerySchema>,
    @Req() request: FastifyRequest,
  ): Promise<UploadState> {
    const hostPublicKey = await this.calls.signerOf(request);
    return this.takerOf(kind).uploadState({ hostPublicKey, ...unit }, announcedBy(query));
  }

  @Patch()
  @RouteConfig({ bodyMaximumBytes: PART_MAXIMUM_BYTES, bodySender: 'part' })
  @TakesBytes(PART_MAXIMUM_BYTES)
  @Answers(uploadStateSchema)
  async append(
    @Param({ schema: partParamsSchema }) { kind, ...unit }: Params,
    @Query({ schema: partQuerySchema }) query: z.infer<typeof partQuerySchema>,
    @Req() request: FastifyRequest,
  ): Promise<UploadState> {
    const hostPublicKey = await this.calls.signerOf(request);
    const bytes = request.rawBody;
    if (!bytes) throw new ManyhandsError('MH-GEN-002', { message: 'The body must be the bytes of the part.' });
    const { offset } = query;
    return this.disk.receiving((hold) => {
      hold(bytes.length);
      return this.takerOf(kind).takePart({ hostPublicKey, ...unit }, announcedBy(query), { offset, bytes });
    });
  }

  private takerOf(kind: Params['kind']): ResultsService | CheckpointsService {
    return kind === 'result' ? this.results : this.checkpoints;
  }
}

function announcedBy({ sha256, sizeBytes }: z.infer<typeof uploadQuerySchema>) {
  return { sha256: new Uint8Array(Buffer.from(sha256, 'hex')), sizeBytes };
}
