// Checks the signature of a REST call: whose key signed it, and that it is used once.
import { checkRequestToken, equalBytes, ManyhandsError, REQUEST_FRESHNESS_MS, toBase64Url } from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Settings } from '../config/settings.js';
import { NoncesRepository } from './nonces.repository.js';

const NO_BODY = new Uint8Array();

@Injectable()
export class SignedCalls {
  constructor(
    private readonly settings: Settings,
    private readonly nonces: NoncesRepository,
  ) {}

  /** The public key that signed this call. Throws MH-SIG-… when it is not signed, stale or used before. */
  async signerOf(request: FastifyRequest): Promise<Uint8Array> {
    const call = { method: request.method, path: request.originalUrl, body: request.rawBody ?? NO_BODY };
    const context = { coordinatorId: this.settings.coordinatorId, nowMs: Date.now() };
    const token = checkRequestToken(request.headers.authorization, call, context);
    if (!token.ok) throw new ManyhandsError(token.code, { meta: { reason: token.reason } });
    const nonce = `${toBase64Url(token.publicKey)}.${token.nonce}`;
    if (!(await this.nonces.use(nonce, Date.now() + 2 * REQUEST_FRESHNESS_MS))) throw new ManyhandsError('MH-SIG-006');
    return token.publicKey;
  }

  /** Throws unless this key signed the call: MH-SIG-004 for another one. */
  async requireSigner(request: FastifyRequest, publicKey: Uint8Array): Promise<void> {
    if (!equalBytes(await this.signerOf(request), publicKey)) throw new ManyhandsError('MH-SIG-004');
  }
}
