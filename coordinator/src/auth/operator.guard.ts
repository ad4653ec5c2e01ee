// Lets only the operator pass: the token as Bearer authorization, compared in constant time.
import { createHash, timingSafeEqual } from 'node:crypto';
import { ManyhandsError } from '@manyhands/contract';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Settings } from '../config/settings.js';

const SCHEME = 'Bearer ';

@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(private readonly settings: Settings) {}

  canActivate(context: ExecutionContext): boolean {
    const header = context.switchToHttp().getRequest<FastifyRequest>().headers.authorization;
    const token = header?.startsWith(SCHEME) ? header.slice(SCHEME.length) : '';
    const hash = createHash('sha256').update(token).digest();
    if (timingSafeEqual(hash, this.settings.operatorTokenHash)) return true;
    throw new ManyhandsError('MH-SIG-008', { message: 'This call needs the operator’s token.' });
  }
}
