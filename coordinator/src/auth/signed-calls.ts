// Checks the signature of a REST call: whose key signed it, and that it is used once.
import { createHash } from 'node:crypto';
import {
  type CheckedHead,
  checkRequestHead,
  equalBytes,
  ManyhandsError,
  REQUEST_FRESHNESS_MS,
  toBase64Url,
} from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Settings } from '../config/settings.js';
import { NoncesRepository } from './nonces.repository.js';

const NO_BODY = new Uint8Array();

export type SignedHead = Extract<CheckedHead, { ok: true }>;

@Injectable()
export class SignedCalls {
  /** Heads are checked when the call comes in: a long body does not make its token stale. */
  private readonly heads = new WeakMap<FastifyRequest, SignedHead>();

  constructor(
    private readonly settings: Settings,
    private readonly nonces: NoncesRepository,
  ) {}

  /** Who signed this call, whose body is still to come and must be checked against the hash. Throws MH-SIG-… when it is not signed, stale or used before. */
  async useHead(request: FastifyRequest): Promise<SignedHead> {
    const head = this.headOf(request);
    await this.useNonce(head);
    return head;
  }

  /** The public key that signed this call. Throws MH-SIG-… when it is not signed, stale or used before. */
  async signerOf(request: FastifyRequest): Promise<Uint8Array> {
    const head = this.headOf(request);
    const bodySha256 = createHash('sha256')
      .update(request.rawBody ?? NO_BODY)
      .digest();
    if (!equalBytes(head.bodySha256, bodySha256))
      throw new ManyhandsError('MH-SIG-001', { meta: { reason: 'the signature covers another call' } });
    await this.useNonce(head);
    return head.publicKey;
  }

  private async useNonce({ publicKey, nonce }: SignedHead): Promise<void> {
    const name = `${toBase64Url(publicKey)}.${nonce}`;
    if (!(await this.nonces.use(name, Date.now() + 2 * REQUEST_FRESHNESS_MS))) throw new ManyhandsError('MH-SIG-006');
  }

  /** Who signed this call and what its body must be; needs no body yet. Throws MH-SIG-… when it is not signed or stale. */
  headOf(request: FastifyRequest): SignedHead {
    const known = this.heads.get(request);
    if (known) return known;
    const call = { method: request.method, path: request.originalUrl };
    const context = { coordinatorId: this.settings.coordinatorId, nowMs: Date.now() };
    const head = checkRequestHead(request.headers.authorization, call, context);
    if (!head.ok) throw new ManyhandsError(head.code, { meta: { reason: head.reason } });
    this.heads.set(request, head);
    return head;
  }

  /** Throws unless this key signed the call: MH-SIG-004 for another one. */
  async requireSigner(request: FastifyRequest, publicKey: Uint8Array): Promise<void> {
    if (!equalBytes(await this.signerOf(request), publicKey)) throw new ManyhandsError('MH-SIG-004');
  }
}
