// REST calls of app versions.
import { type AppVersionStatus, appVersionStatusSchema, publishAppVersionSchema } from '@manyhands/contract';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { Answers, Subject } from '../http/described.js';
import { AppsService } from './apps.service.js';

@Subject('app versions')
@Controller('api/v1')
export class AppsController {
  constructor(private readonly apps: AppsService) {}

  @Post('projects/:projectId/app-versions')
  @HttpCode(200)
  @Answers(appVersionStatusSchema)
  publish(
    @Param('projectId') projectId: string,
    @Body({ schema: publishAppVersionSchema }) body: z.infer<typeof publishAppVersionSchema>,
  ): Promise<AppVersionStatus> {
    return this.apps.publish(projectId, body.record);
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
