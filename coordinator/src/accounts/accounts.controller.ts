// REST calls of accounts, signed by the account's key.
import { accountCodeSchema, accountSchema, createAccountSchema } from '@manyhands/contract';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { SignedCalls } from '../auth/signed-calls.js';
import { Answers, Subject } from '../http/described.js';
import { AccountsService } from './accounts.service.js';

@Subject('accounts')
@Controller('api/v1/accounts')
export class AccountsController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly calls: SignedCalls,
  ) {}

  @Post()
  @HttpCode(200)
  @Answers(accountSchema)
  create(
    @Body({ schema: createAccountSchema }) body: z.infer<typeof createAccountSchema>,
    @Req() request: FastifyRequest,
  ) {
    return this.accounts.create(body.genesis, request.caller);
  }

  @Get(':accountId')
  @Answers(accountSchema)
  get(@Param('accountId') accountId: string): z.infer<typeof accountSchema> {
    return this.accounts.get(accountId);
  }

  @Post(':accountId/codes')
  @HttpCode(200)
  @Answers(accountCodeSchema)
  async addCode(
    @Param('accountId') accountId: string,
    @Req() request: FastifyRequest,
  ): Promise<z.infer<typeof accountCodeSchema>> {
    await this.calls.requireSigner(request, this.accounts.keyOf(accountId));
    return this.accounts.addCode(accountId);
  }

  @Delete(':accountId')
  async remove(@Param('accountId') accountId: string, @Req() request: FastifyRequest): Promise<Record<string, never>> {
    await this.calls.requireSigner(request, this.accounts.keyOf(accountId));
    await this.accounts.remove(accountId);
    return {};
  }
}
