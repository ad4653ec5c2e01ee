// REST calls of projects.
import { createProjectSchema, type Project, projectSchema, putTextsSchema, slugSchema } from '@manyhands/contract';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ProjectsService } from './projects.service.js';

const querySchema = z.object({ name: slugSchema.optional() });

@ApiTags('projects')
@Controller('api/v1/projects')
export class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  @Post()
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: projectSchema })
  create(@Body({ schema: createProjectSchema }) body: z.infer<typeof createProjectSchema>): Promise<Project> {
    return this.projects.create(body.genesis, body.invitation);
  }

  @Get()
  @ApiOkResponse({ standardSchema: z.array(projectSchema) })
  list(@Query({ schema: querySchema }) query: z.infer<typeof querySchema>): Project[] {
    return this.projects.list(query.name);
  }

  @Get(':projectId')
  @ApiOkResponse({ standardSchema: projectSchema })
  get(@Param('projectId') projectId: string): Project {
    return this.projects.get(projectId);
  }

  @Put(':projectId/texts')
  @ApiOkResponse({ standardSchema: projectSchema })
  putTexts(
    @Param('projectId') projectId: string,
    @Body({ schema: putTextsSchema }) body: z.infer<typeof putTextsSchema>,
  ): Promise<Project> {
    return this.projects.putTexts(projectId, body.texts);
  }
}
