// REST calls of projects.
import {
  createProjectSchema,
  type Project,
  pageQuerySchema,
  projectSchema,
  putTextsSchema,
  slugSchema,
} from '@manyhands/contract';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Answers, Subject } from '../http/described.js';
import { sendPage } from '../http/paged.js';
import { Costly, metered } from '../http/read-budget.js';
import { ProjectsService } from './projects.service.js';

const querySchema = pageQuerySchema.extend({ name: slugSchema.optional() });

@Subject('projects')
@Controller('api/v1/projects')
export class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  @Post()
  @HttpCode(200)
  @Answers(projectSchema)
  create(
    @Body({ schema: createProjectSchema }) body: z.infer<typeof createProjectSchema>,
    @Req() request: FastifyRequest,
  ): Promise<Project> {
    return this.projects.create(body.genesis, body.invitation, request.caller);
  }

  @Get()
  @Costly()
  @Answers(z.array(projectSchema))
  list(
    @Query({ schema: querySchema }) { name, ...query }: z.infer<typeof querySchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Project[] {
    if (name !== undefined) return [this.projects.named(name) ?? []].flat();
    const page = metered(() => this.projects.list(query, { isPendingWanted: false }));
    return sendPage(page, { request, reply, limit: query.limit });
  }

  @Get(':projectId')
  @Answers(projectSchema)
  get(@Param('projectId') projectId: string): Project {
    return this.projects.get(projectId);
  }

  @Put(':projectId/texts')
  @Answers(projectSchema)
  putTexts(
    @Param('projectId') projectId: string,
    @Body({ schema: putTextsSchema }) body: z.infer<typeof putTextsSchema>,
  ): Promise<Project> {
    return this.projects.putTexts(projectId, body.texts);
  }
}
