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
    if (isOperator(context.switchToHttp().getRequest<FastifyRequest>(), this.settings)) return true;
    throw new ManyhandsError('MH-SIG-008', { message: 'This call needs the operator’s token.' });
  }
}

/** Whether a call carries the operator's token. */
export function isOperator({ headers }: FastifyRequest, { operatorTokenHash }: Settings): boolean {
  const { authorization = '' } = headers;
  const token = authorization.startsWith(SCHEME) ? authorization.slice(SCHEME.length) : '';
  return timingSafeEqual(createHash('sha256').update(token).digest(), operatorTokenHash);
}
