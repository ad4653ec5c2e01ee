// Decides from a signed call's head, before its body is read, whether the bytes are wanted, how many, and whether they come from somebody known.
import {
  equalBytes,
  leaseIdSchema,
  ManyhandsError,
  shapeTrouble,
  unitIndexSchema,
  uploadKindSchema,
} from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { KnownCallers } from '../auth/known-callers.js';
import { SignedCalls } from '../auth/signed-calls.js';
import { CheckpointsService } from '../core/checkpoints/checkpoints.service.js';
import { ResultsService } from '../core/validation/results.service.js';
import { ProjectsService } from '../projects/projects.service.js';

const uploadSchema = z.object({ leaseId: leaseIdSchema, index: z.coerce.number().pipe(unitIndexSchema) });
const partSchema = uploadSchema.extend({ kind: uploadKindSchema });
const blockSchema = z.object({ project: z.string() });

@Injectable()
export class UploadGate {
  constructor(
    private readonly calls: SignedCalls,
    private readonly results: ResultsService,
    private readonly checkpoints: CheckpointsService,
    private readonly projects: ProjectsService,
    private readonly known: KnownCallers,
  ) {}

  /** Whether the head of the call proves a key, or a token, that is trusted here. */
  isKnown(request: FastifyRequest): boolean {
    return this.known.has(request);
  }

  /** How many bytes the body may have. Throws what the route's handler would throw of this sender. */
  maximumBytesOf(request: FastifyRequest): number {
    const { bodyMaximumBytes = 0, bodySender } = request.routeOptions.config;
    const { publicKey } = this.calls.headOf(request);
    if (bodySender === 'host') return Math.min(bodyMaximumBytes, this.resultBytes(request, publicKey));
    if (bodySender === 'checkpoint') return this.checkpointBytes(request, publicKey);
    if (bodySender === 'part') this.requireWanted(request, publicKey);
    if (bodySender === 'project') this.requireOwner(request, publicKey);
    return bodyMaximumBytes;
  }

  private resultBytes(request: FastifyRequest, hostPublicKey: Uint8Array): number {
    const { leaseId, index } = checked(uploadSchema, request.params);
    return this.results.checkUpload(hostPublicKey, leaseId, index).maximumBytes;
  }

  private checkpointBytes(request: FastifyRequest, hostPublicKey: Uint8Array): number {
    const { leaseId, index } = checked(uploadSchema, request.params);
    const sizeBytes = Number(request.headers['content-length'] ?? 0);
    return this.checkpoints.checkUpload({ hostPublicKey, leaseId, index }, sizeBytes).maximumBytes;
  }

  /** Nobody's part is read who is not to send it. */
  private requireWanted(request: FastifyRequest, hostPublicKey: Uint8Array): void {
    const { kind, ...unit } = checked(partSchema, request.params);
    if (kind === 'result') this.results.checkUpload(hostPublicKey, unit.leaseId, unit.index);
    else this.checkpoints.checkSender({ hostPublicKey, ...unit });
  }

  private requireOwner(request: FastifyRequest, publicKey: Uint8Array): void {
    const { project } = checked(blockSchema, request.query);
    if (!equalBytes(this.projects.require(project).ownerKey, publicKey)) throw new ManyhandsError('MH-SIG-004');
    this.projects.requireActive(project);
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ManyhandsError('MH-GEN-002', { message: `The request is not usable: ${shapeTrouble(parsed.error)}.` });
}
