// REST calls that a host signs with its own key.
import { accountCodeSchema } from '@manyhands/contract';
import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { SignedCalls } from '../auth/signed-calls.js';
import { HostsService } from '../core/hosts/hosts.service.js';
import { Answers, Subject } from '../http/described.js';
import { AccountsService } from './accounts.service.js';

@Subject('hosts')
@Controller('api/v1/hosts')
export class HostsController {
  constructor(
    private readonly hosts: HostsService,
    private readonly accounts: AccountsService,
    private readonly calls: SignedCalls,
  ) {}

  /** A one-time code of the account of the host that signs: with it the same computer joins again under a new key. */
  @Post('self/codes')
  @HttpCode(200)
  @Answers(accountCodeSchema)
  async addCode(@Req() request: FastifyRequest): Promise<z.infer<typeof accountCodeSchema>> {
    const accountRowId = this.hosts.accountOf(await this.calls.signerOf(request));
    return this.accounts.addCodeOf(accountRowId);
  }
}
