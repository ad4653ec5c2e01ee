// Which calls come from somebody who is trusted here, as far as their heads say: a project's key has signed, or the operator's token is there.
import type { ProjectId } from '@manyhands/contract';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Settings } from '../config/settings.js';
import { isOperator } from './operator.guard.js';
import { SignedCalls } from './signed-calls.js';

/** Port: whose keys own projects. */
export abstract class ProjectOwners {
  /** A project of the key that was ever approved; undefined when it has none. */
  abstract ownedBy(ownerKey: Uint8Array): ProjectId | undefined;
}

@Injectable()
export class KnownCallers {
  constructor(
    private readonly settings: Settings,
    private readonly signed: SignedCalls,
    private readonly owners: ProjectOwners,
  ) {}

  /** Whether a project's key signed the call or it is the operator's. The body is still to be checked. */
  has(request: FastifyRequest): boolean {
    return this.projectOf(request) !== undefined || isOperator(request, this.settings);
  }

  /** The project that signed the call, which may come again. A call that nobody signed rightly is anybody's. */
  projectOf(request: FastifyRequest): ProjectId | undefined {
    if (request.headers.authorization === undefined) return undefined;
    try {
      return this.owners.ownedBy(this.signed.headOf(request).publicKey);
    } catch {
      return undefined;
    }
  }
}
