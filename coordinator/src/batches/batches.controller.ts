// REST calls of batches.
import {
  type Batch,
  batchSchema,
  pageQuerySchema,
  putPolicySchema,
  retriedUnitsSchema,
  retryUnitsSchema,
  submitBatchSchema,
} from '@manyhands/contract';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SignedCalls } from '../auth/signed-calls.js';
import { Answers, Subject } from '../http/described.js';
import { sendPage } from '../http/paged.js';
import { Costly, metered } from '../http/read-budget.js';
import { BatchesService } from './batches.service.js';
import { SubmissionService } from './submission.service.js';

@Subject('batches')
@Controller('api/v1')
export class BatchesController {
  constructor(
    private readonly submission: SubmissionService,
    private readonly batches: BatchesService,
    private readonly calls: SignedCalls,
  ) {}

  @Post('projects/:projectId/batches')
  @HttpCode(200)
  @Answers(batchSchema)
  async submit(
    @Param('projectId') projectId: string,
    @Body({ schema: submitBatchSchema }) body: z.infer<typeof submitBatchSchema>,
  ): Promise<Batch> {
    return this.batches.show(await this.submission.submit(projectId, body));
  }

  @Get('projects/:projectId/batches')
  @Costly()
  @Answers(z.array(batchSchema))
  list(
    @Param('projectId') projectId: string,
    @Query({ schema: pageQuerySchema }) query: z.infer<typeof pageQuerySchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Batch[] {
    const page = metered(() => this.batches.page(projectId, query));
    return sendPage(page, { request, reply, limit: query.limit });
  }

  @Get('batches/:batchId')
  @Answers(batchSchema)
  get(@Param('batchId') batchId: string): Batch {
    return this.batches.get(batchId);
  }

  @Put('batches/:batchId/policy')
  @Answers(batchSchema)
  putPolicy(
    @Param('batchId') batchId: string,
    @Body({ schema: putPolicySchema }) body: z.infer<typeof putPolicySchema>,
  ): Promise<Batch> {
    return this.batches.putPolicy(batchId, body.policy);
  }

  @Post('batches/:batchId/cancel')
  @HttpCode(200)
  @Answers(batchSchema)
  async cancel(@Param('batchId') batchId: string, @Req() request: FastifyRequest): Promise<Batch> {
    await this.calls.requireSigner(request, this.batches.projectOf(batchId).ownerKey);
    return this.batches.cancel(batchId);
  }

  @Post('batches/:batchId/retry')
  @HttpCode(200)
  @Answers(retriedUnitsSchema)
  async retry(
    @Param('batchId') batchId: string,
    @Body({ schema: retryUnitsSchema }) body: z.infer<typeof retryUnitsSchema>,
    @Req() request: FastifyRequest,
  ): Promise<z.infer<typeof retriedUnitsSchema>> {
    await this.calls.requireSigner(request, this.batches.projectOf(batchId).ownerKey);
    return { retried: await this.batches.retry(batchId, body.indexes) };
  }
}
