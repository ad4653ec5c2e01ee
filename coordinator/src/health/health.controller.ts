// GET /healthz: the process answers. GET /readyz: it can take new work.
import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DiskGuard } from '../blocks/disk-guard.js';
import { Subject } from '../http/described.js';
import { SeedSupervisor } from '../seed/seed.supervisor.js';

@Subject('health')
@Controller()
export class HealthController {
  constructor(
    private readonly disk: DiskGuard,
    private readonly seed: SeedSupervisor,
  ) {}

  @Get('healthz')
  @HttpCode(200)
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('readyz')
  ready(@Res({ passthrough: true }) reply: FastifyReply): { ready: boolean; disk: string; seed: string } {
    const hasSeed = this.seed.overlay() !== null;
    const isReady = !this.disk.isShort() && hasSeed;
    reply.status(isReady ? 200 : 503);
    return { ready: isReady, disk: this.disk.isShort() ? 'short' : 'ok', seed: hasSeed ? 'ok' : 'down' };
  }
}
