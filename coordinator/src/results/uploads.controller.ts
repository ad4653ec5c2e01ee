// PUT of a bundle too large for a receipt, by the host whose receipt named it.
import { leaseIdSchema, ManyhandsError, OUTPUT_MAXIMUM_BYTES, unitIndexSchema } from '@manyhands/contract';
import { Controller, Param, Put, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SignedCalls } from '../auth/signed-calls.js';
import { DiskGuard } from '../blocks/disk-guard.js';
import { ResultsService } from '../core/validation/results.service.js';
import { Subject, TakesBytes } from '../http/described.js';

const indexSchema = z.coerce.number().pipe(unitIndexSchema);
/** Outputs and, in front of them, the record that names up to 64 files. */
const BUNDLE_MAXIMUM_BYTES = OUTPUT_MAXIMUM_BYTES + 1024 * 1024;

@Subject('results')
@Controller('api/v1/leases/:leaseId/units/:index/result')
export class UploadsController {
  constructor(
    private readonly results: ResultsService,
    private readonly calls: SignedCalls,
    private readonly disk: DiskGuard,
  ) {}

  @Put()
  @RouteConfig({ bodyMaximumBytes: BUNDLE_MAXIMUM_BYTES, bodySender: 'host' })
  @TakesBytes(BUNDLE_MAXIMUM_BYTES)
  async put(
    @Param('leaseId', { schema: leaseIdSchema }) leaseId: z.infer<typeof leaseIdSchema>,
    @Param('index', { schema: indexSchema }) index: number,
    @Req() request: FastifyRequest,
  ): Promise<Record<string, never>> {
    const hostPublicKey = await this.calls.signerOf(request);
    const bytes = request.rawBody;
    if (!bytes) throw new ManyhandsError('MH-GEN-002', { message: 'The body must be the bytes of the bundle.' });
    await this.disk.receiving((hold) => {
      hold(bytes.length);
      return this.results.putBundle(hostPublicKey, leaseId, index, bytes);
    });
    return {};
  }
}
