// The operator's calls: hosts, projects, app versions, invitations, backup.
import { join } from 'node:path';
import {
  type AppVersionStatus,
  appVersionStatusSchema,
  invitationSchema,
  operatorHostsQuerySchema,
  operatorHostsSchema,
  type Project,
  pageQuerySchema,
  projectSchema,
  reasonSchema,
} from '@manyhands/contract';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import { AppsService } from '../apps/apps.service.js';
import { OperatorGuard } from '../auth/operator.guard.js';
import { backupCoordinator } from '../backup/backup.js';
import { BatchEndings } from '../batches/batch-endings.js';
import { BY_OPERATOR, LOGGER } from '../config/logger.js';
import { Settings } from '../config/settings.js';
import { HostsService } from '../core/hosts/hosts.service.js';
import { Answers, NeedsToken, Subject } from '../http/described.js';
import { sendPage } from '../http/paged.js';
import { ProjectsService } from '../projects/projects.service.js';

type Reason = z.infer<typeof reasonSchema>;
type Done = Record<string, never>;
const backupSchema = z.object({ file: z.string(), files: z.int(), sizeBytes: z.int() });

@Subject('operator')
@NeedsToken()
@UseGuards(OperatorGuard)
@Controller('api/v1/operator')
export class OperatorController {
  private readonly logger: Logger;

  constructor(
    private readonly projects: ProjectsService,
    private readonly apps: AppsService,
    private readonly endings: BatchEndings,
    private readonly hosts: HostsService,
    private readonly settings: Settings,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.logger = logger.child(BY_OPERATOR);
  }

  @Post('invitations')
  @HttpCode(200)
  @Answers(invitationSchema)
  invite(): Promise<z.infer<typeof invitationSchema>> {
    return this.projects.invite();
  }

  @Get('projects')
  @Answers(z.array(projectSchema))
  listProjects(
    @Query({ schema: pageQuerySchema }) query: z.infer<typeof pageQuerySchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Project[] {
    const page = this.projects.list(query, { isPendingWanted: true });
    return sendPage(page, { request, reply, limit: query.limit });
  }

  @Post('projects/:projectId/approve')
  @HttpCode(200)
  @Answers(projectSchema)
  approve(@Param('projectId') projectId: string): Promise<Project> {
    return this.logged(this.projects.approve(projectId), 'project approved by the operator');
  }

  /** Of a project that was never approved nothing is left, and its name is free. */
  @Post('projects/:projectId/reject')
  @HttpCode(200)
  @Answers(projectSchema)
  reject(@Param('projectId') projectId: string): Promise<Project> {
    return this.logged(this.projects.reject(projectId), 'project rejected by the operator');
  }

  @Post('projects/:projectId/pause')
  @HttpCode(200)
  @Answers(projectSchema)
  pause(@Param('projectId') projectId: string): Promise<Project> {
    return this.logged(this.projects.pause(projectId), 'project paused by the operator');
  }

  @Post('projects/:projectId/resume')
  @HttpCode(200)
  @Answers(projectSchema)
  resume(@Param('projectId') projectId: string): Promise<Project> {
    return this.logged(this.projects.resume(projectId), 'project resumed by the operator');
  }

  @Post('app-versions/:appVersionId/stop')
  @HttpCode(200)
  @Answers(appVersionStatusSchema)
  async stop(@Param('appVersionId') appVersionId: string): Promise<AppVersionStatus> {
    const { rowId } = await this.apps.stop(appVersionId);
    await this.endings.endOfAppVersion(rowId);
    this.logger.info({ appVersionId }, 'app version stopped by the operator');
    return this.apps.get(appVersionId);
  }

  @Get('hosts')
  @Answers(operatorHostsSchema)
  listHosts(
    @Query({ schema: operatorHostsQuerySchema }) query: z.infer<typeof operatorHostsQuerySchema>,
  ): z.infer<typeof operatorHostsSchema> {
    const { rows, next } = this.hosts.list(query);
    return { hosts: rows.map((host) => ({ ...host, accountId: host.accountId ?? '' })), next };
  }

  @Post('hosts/:hostId/ban')
  @HttpCode(200)
  async ban(@Param('hostId') hostId: string, @Body({ schema: reasonSchema }) body: Reason): Promise<Done> {
    await this.hosts.ban(hostId, body.reason);
    this.logger.info({ hostId }, 'host banned by the operator');
    return {};
  }

  @Post('hosts/:hostId/unban')
  @HttpCode(200)
  async unban(@Param('hostId') hostId: string): Promise<Done> {
    await this.hosts.unban(hostId);
    this.logger.info({ hostId }, 'host unbanned by the operator');
    return {};
  }

  /** Saves everything in a new file in the folder `backups` of the data folder, on the coordinator's own disk. */
  @Post('backup')
  @HttpCode(200)
  @Answers(backupSchema)
  async backup(): Promise<z.infer<typeof backupSchema>> {
    const { directory } = this.settings.folder;
    const name = new Date().toISOString().replaceAll(':', '-');
    const summary = await backupCoordinator({
      dataDirectory: directory,
      file: join(directory, 'backups', `${name}.backup`),
    });
    this.logger.info(summary, 'backup made by the operator');
    return summary;
  }

  private async logged(changing: Promise<Project>, words: string): Promise<Project> {
    const project = await changing;
    this.logger.info({ projectId: project.projectId }, words);
    return project;
  }
}
