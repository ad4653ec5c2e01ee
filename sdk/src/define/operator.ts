// The operator's calls: whoever holds the coordinator's token decides which projects, programs and hosts may work here.
import {
  type AppVersionStatus,
  appVersionStatusSchema,
  invitationSchema,
  ManyhandsError,
  type OperatorHost,
  operatorHostsSchema,
  type Project as ProjectStatus,
  projectIdSchema,
  projectSchema,
} from '@manyhands/contract';
import { z } from 'zod';
import type { Call } from '../rest/client.js';
import type { Connected } from '../rest/connected.js';
import { namedProject } from './named-project.js';

/** Calls that only do something answer with an empty object. */
const doneSchema = z.object({});

export class Operator {
  readonly #coordinator: Connected;
  readonly #token: string;

  /** `token`: from the coordinator's data folder, file `operator-token`. Calls throw MH-SIG-008 when it is wrong. */
  constructor(coordinator: Connected, { token }: { token: string }) {
    this.#coordinator = coordinator;
    this.#token = token.trim();
  }

  /** A one-time invitation to create a project. */
  async invite(signal?: AbortSignal): Promise<z.infer<typeof invitationSchema>> {
    return this.#coordinator.rest.json(this.#call('POST', 'invitations', signal), invitationSchema);
  }

  /** All projects, those that wait for approval included. */
  async projects(signal?: AbortSignal): Promise<ProjectStatus[]> {
    return this.#coordinator.rest.list(this.#call('GET', 'projects', signal), z.array(projectSchema));
  }

  /**
   * Approves, rejects, pauses or resumes a project given by its name or identifier. A rejected one is gone, and its name free. Returns it as it is now, or was.
   * Throws MH-GEN-003, MH-PRJ-003, MH-PRJ-005, MH-PRJ-008.
   */
  async change(
    action: 'approve' | 'reject' | 'pause' | 'resume',
    nameOrId: string,
    signal?: AbortSignal,
  ): Promise<ProjectStatus> {
    const projectId =
      projectIdSchema.safeParse(nameOrId).data ??
      (await namedProject(this.#coordinator.rest, nameOrId, signal))?.projectId;
    if (!projectId)
      throw new ManyhandsError('MH-GEN-003', {
        message: `There is no project ${nameOrId} at ${this.#coordinator.url}.`,
      });
    const call = this.#call('POST', `projects/${projectId}/${action}`, signal);
    return this.#coordinator.rest.json(call, projectSchema);
  }

  /** All hosts that ever joined, with their record and whether they are connected now. */
  async hosts(signal?: AbortSignal): Promise<OperatorHost[]> {
    const found = new Map<string, OperatorHost>();
    for (let after: string | null = ''; after !== null; ) {
      const path: string = after === '' ? 'hosts' : `hosts?after=${encodeURIComponent(after)}`;
      const page = await this.#coordinator.rest.json(this.#call('GET', path, signal), operatorHostsSchema);
      // Who was seen meanwhile is in two pages.
      for (const host of page.hosts) if (!found.has(host.hostId)) found.set(host.hostId, host);
      after = page.next ?? null;
    }
    return [...found.values()];
  }

  /** Ends a host's connection and gives it no more work. `reason`: its owner reads it. Throws MH-GEN-003. */
  async ban(hostId: string, options: { reason?: string; signal?: AbortSignal } = {}): Promise<void> {
    const call = this.#call('POST', `hosts/${encodeURIComponent(hostId)}/ban`, options.signal);
    await this.#coordinator.rest.json({ ...call, json: { reason: options.reason ?? '' } }, doneSchema);
  }

  /** Lets a banned host work again. Throws MH-GEN-003. */
  async unban(hostId: string, signal?: AbortSignal): Promise<void> {
    const call = this.#call('POST', `hosts/${encodeURIComponent(hostId)}/unban`, signal);
    await this.#coordinator.rest.json(call, doneSchema);
  }

  /** Stops a program for good: its open units end, and no batch may use it any more. Accepted results stay. Throws MH-GEN-003. */
  async stop(appVersionId: string, signal?: AbortSignal): Promise<AppVersionStatus> {
    const call = this.#call('POST', `app-versions/${encodeURIComponent(appVersionId)}/stop`, signal);
    return this.#coordinator.rest.json(call, appVersionStatusSchema);
  }

  #call(method: 'GET' | 'POST', path: string, signal: AbortSignal | undefined): Call {
    const json = method === 'POST' ? { json: {} } : {};
    return { method, path: `/api/v1/operator/${path}`, token: this.#token, signal, ...json };
  }
}
