// REST calls of app versions.
import {
  type AppVersionStatus,
  appVersionStatusSchema,
  equalBytes,
  pageQuerySchema,
  publishAppVersionSchema,
} from '@manyhands/contract';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SignedCalls } from '../auth/signed-calls.js';
import { Answers, Subject } from '../http/described.js';
import { sendPage } from '../http/paged.js';
import { Costly, metered } from '../http/read-budget.js';
import { AppsService } from './apps.service.js';

@Subject('app versions')
@Controller('api/v1')
export class AppsController {
  constructor(
    private readonly apps: AppsService,
    private readonly calls: SignedCalls,
  ) {}

  @Post('projects/:projectId/app-versions')
  @HttpCode(200)
  @Answers(appVersionStatusSchema)
  publish(
    @Param('projectId') projectId: string,
    @Body({ schema: publishAppVersionSchema }) body: z.infer<typeof publishAppVersionSchema>,
    @Req() request: FastifyRequest,
  ): Promise<AppVersionStatus> {
    const isOwnCall = async (ownerKey: Uint8Array): Promise<boolean> =>
      request.headers.authorization !== undefined && equalBytes(await this.calls.signerOf(request), ownerKey);
    return this.apps.publish(projectId, body.record, isOwnCall);
  }

  @Get('projects/:projectId/app-versions')
  @Costly()
  @Answers(z.array(appVersionStatusSchema))
  list(
    @Param('projectId') projectId: string,
    @Query({ schema: pageQuerySchema }) query: z.infer<typeof pageQuerySchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): AppVersionStatus[] {
    const page = metered(() => this.apps.list(projectId, query));
    return sendPage(page, { request, reply, limit: query.limit });
  }

  @Get('app-versions/:appVersionId')
  @Answers(appVersionStatusSchema)
  get(@Param('appVersionId') appVersionId: string): AppVersionStatus {
    return this.apps.get(appVersionId);
  }
}
