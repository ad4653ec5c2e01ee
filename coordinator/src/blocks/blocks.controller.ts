// REST calls of blocks. Reading is the gateway's work, in another process.
import {
  BLOCK_MAXIMUM_BYTES,
  ManyhandsError,
  missingBlocksRequestSchema,
  missingBlocksSchema,
  parseCid,
  projectIdSchema,
} from '@manyhands/contract';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SignedCalls } from '../auth/signed-calls.js';
import { Answers, Subject, TakesBytes } from '../http/described.js';
import { ProjectsService } from '../projects/projects.service.js';
import { SeedSupervisor } from '../seed/seed.supervisor.js';
import { BlocksService } from './blocks.service.js';

const putQuerySchema = z.object({ project: projectIdSchema });

@Subject('blocks')
@Controller('api/v1/blocks')
export class BlocksController {
  constructor(
    private readonly blocks: BlocksService,
    private readonly projects: ProjectsService,
    private readonly calls: SignedCalls,
    private readonly seed: SeedSupervisor,
  ) {}

  @Post('missing')
  @HttpCode(200)
  @Answers(missingBlocksSchema)
  async missing(
    @Body({ schema: missingBlocksRequestSchema }) body: z.infer<typeof missingBlocksRequestSchema>,
  ): Promise<z.infer<typeof missingBlocksSchema>> {
    return { missing: await this.blocks.missing(body.cids) };
  }

  @Put(':cid')
  @RouteConfig({ bodyMaximumBytes: BLOCK_MAXIMUM_BYTES, bodySender: 'project' })
  @TakesBytes(BLOCK_MAXIMUM_BYTES)
  async put(
    @Param('cid') cid: string,
    @Query({ schema: putQuerySchema }) query: z.infer<typeof putQuerySchema>,
    @Req() request: FastifyRequest,
  ): Promise<Record<string, never>> {
    const project = this.projects.require(query.project);
    await this.calls.requireSigner(request, project.ownerKey);
    const { rowId } = this.projects.requireActive(query.project);
    if (!request.rawBody)
      throw new ManyhandsError('MH-GEN-002', { message: 'The body must be the bytes of the block.' });
    await this.blocks.put(cid, request.rawBody, rowId);
    return {};
  }

  @Get(':cid')
  redirect(@Param('cid') text: string, @Res() reply: FastifyReply): void {
    const { cid } = parseCid(text);
    reply.redirect(`${this.seed.gatewayUrl()}/blocks/${cid}`, 307);
  }
}
