// REST calls of projects.
import { createProjectSchema, type Project, projectSchema, putTextsSchema, slugSchema } from '@manyhands/contract';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Answers, Subject } from '../http/described.js';
import { ProjectsService } from './projects.service.js';

const querySchema = z.object({ name: slugSchema.optional() });

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
  @Answers(z.array(projectSchema))
  list(@Query({ schema: querySchema }) query: z.infer<typeof querySchema>): Project[] {
    return this.projects.list(query.name);
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
