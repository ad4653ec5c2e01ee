// The operator's calls about projects: whoever holds the coordinator's token decides which projects may work here.
import { invitationSchema, ManyhandsError, type Project as ProjectStatus, projectSchema } from '@manyhands/contract';
import { z } from 'zod';
import type { Call } from '../rest/client.js';
import type { Coordinator } from './coordinator.js';

export class Operator {
  readonly #coordinator: Coordinator;
  readonly #token: string;

  /** `token`: from the coordinator's data folder, file `operator-token`. Calls throw MH-SIG-008 when it is wrong. */
  constructor(coordinator: Coordinator, { token }: { token: string }) {
    this.#coordinator = coordinator;
    this.#token = token.trim();
  }

  /** A one-time invitation to create a project. */
  async invite(signal?: AbortSignal): Promise<z.infer<typeof invitationSchema>> {
    return this.#coordinator.rest.json(this.#call('POST', 'invitations', signal), invitationSchema);
  }

  /** All projects, those that wait for approval included. */
  async projects(signal?: AbortSignal): Promise<ProjectStatus[]> {
    return this.#coordinator.rest.json(this.#call('GET', 'projects', signal), z.array(projectSchema));
  }

  /** Approves, pauses or resumes a project given by its name or identifier. Throws MH-GEN-003. */
  async change(action: 'approve' | 'pause' | 'resume', nameOrId: string, signal?: AbortSignal): Promise<ProjectStatus> {
    const found = (await this.projects(signal)).find(
      ({ name, projectId }) => name === nameOrId || projectId === nameOrId,
    );
    if (!found)
      throw new ManyhandsError('MH-GEN-003', {
        message: `There is no project ${nameOrId} at ${this.#coordinator.url}.`,
      });
    const call = this.#call('POST', `projects/${found.projectId}/${action}`, signal);
    return this.#coordinator.rest.json(call, projectSchema);
  }

  #call(method: 'GET' | 'POST', path: string, signal: AbortSignal | undefined): Call {
    const json = method === 'POST' ? { json: {} } : {};
    return { method, path: `/api/v1/operator/${path}`, token: this.#token, signal, ...json };
  }
}
