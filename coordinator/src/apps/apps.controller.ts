// REST calls of app versions.
import {
  type AppVersionStatus,
  appVersionStatusSchema,
  equalBytes,
  publishAppVersionSchema,
} from '@manyhands/contract';
import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SignedCalls } from '../auth/signed-calls.js';
import { Answers, Subject } from '../http/described.js';
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
  @Answers(z.array(appVersionStatusSchema))
  list(@Param('projectId') projectId: string): AppVersionStatus[] {
    return this.apps.list(projectId);
  }

  @Get('app-versions/:appVersionId')
  @Answers(appVersionStatusSchema)
  get(@Param('appVersionId') appVersionId: string): AppVersionStatus {
    return this.apps.get(appVersionId);
  }
}
