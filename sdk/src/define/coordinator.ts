// The way in: connects to a coordinator and opens projects on it.
import {
  type AccountId,
  type AppVersionStatus,
  accountSchema,
  appVersionStatusSchema,
  type Batch as BatchStatus,
  batchIdSchema,
  batchSchema,
  type CoordinatorInfo,
  coordinatorAddress,
  coordinatorIdOf,
  coordinatorInfoSchema,
  foreignAnswer,
  fromBase64Url,
  ManyhandsError,
  type Project as ProjectStatus,
  projectIdSchema,
  projectSchema,
  type Stats,
  statsSchema,
} from '@manyhands/contract';
import { z } from 'zod';
import { defaultDataDirectory } from '../kept/data-directory.js';
import { pinCoordinator } from '../kept/pin.js';
import { DEFAULT_PATIENCE_MS, RestClient, type Trouble } from '../rest/client.js';
import type { Connected } from '../rest/connected.js';
import { Batch } from '../results/batch.js';
import { namedProject } from './named-project.js';
import { openProject, type Project, type ProjectOptions } from './project.js';

/** How long a first call is tried: an address that is wrong should say so soon. */
const FIRST_CALL_PATIENCE_MS = 2_000;

export type ConnectOptions = {
  /** Where project keys and pinned coordinators are kept; by default the platform's folder for such data. */
  dataDirectory?: string;
  /** `false`: the identity is neither remembered nor compared; for calls that use no key of the data folder. */
  isPinned?: boolean;
  /** How long a call is tried again while the coordinator is away, in milliseconds; by default ten minutes. */
  patienceMs?: number;
  /** Told whenever a call has to be tried again. */
  onTrouble?: (trouble: Trouble) => void;
  signal?: AbortSignal;
};

/** A coordinator that answered and is the one it was before. */
export class Coordinator implements Connected {
  readonly info: CoordinatorInfo;
  readonly url: string;
  readonly dataDirectory: string;
  /** @internal */ readonly rest: RestClient;

  /** Use `connect`. */
  constructor(info: CoordinatorInfo, dependencies: { rest: RestClient; dataDirectory: string }) {
    this.info = info;
    this.rest = dependencies.rest;
    this.url = dependencies.rest.address;
    this.dataDirectory = dependencies.dataDirectory;
  }

  /** Opens a project of yours, or creates it with a new key when there is none of that name. Throws MH-PRJ-001, MH-PRJ-002. */
  async project(name: string, options: ProjectOptions = {}): Promise<Project> {
    return openProject(this, { name, ...options });
  }

  /** All projects of the coordinator. */
  async projects(signal?: AbortSignal): Promise<ProjectStatus[]> {
    return this.rest.list({ method: 'GET', path: '/api/v1/projects', signal }, z.array(projectSchema));
  }

  /** The programs that a project has published, by the project's name or identifier. Throws MH-GEN-003. */
  async appVersions(project: string, signal?: AbortSignal): Promise<AppVersionStatus[]> {
    const projectId =
      projectIdSchema.safeParse(project).data ?? (await namedProject(this.rest, project, signal))?.projectId;
    if (!projectId)
      throw new ManyhandsError('MH-GEN-003', { message: `There is no project ${project} at ${this.url}.` });
    const path = `/api/v1/projects/${projectId}/app-versions`;
    return this.rest.list({ method: 'GET', path, signal }, z.array(appVersionStatusSchema));
  }

  /** Any batch by its identifier, to watch it or to read its results. Throws MH-GEN-003. */
  async batch(batchId: string, options: { project?: Project; signal?: AbortSignal } = {}): Promise<Batch> {
    const id = batchIdSchema.safeParse(batchId);
    if (!id.success)
      throw new ManyhandsError('MH-GEN-009', { message: `${batchId} is not the identifier of a batch.` });
    const status: BatchStatus = await this.rest.json(
      { method: 'GET', path: `/api/v1/batches/${id.data}`, signal: options.signal },
      batchSchema,
    );
    return new Batch(status, { coordinator: this, signer: options.project?.signer });
  }

  /** Any account by its identifier: name, credit and number of computers. Throws MH-ACC-002. */
  async account(accountId: AccountId, signal?: AbortSignal): Promise<z.infer<typeof accountSchema>> {
    return this.rest.json({ method: 'GET', path: `/api/v1/accounts/${accountId}`, signal }, accountSchema);
  }

  /** What the coordinator's public page shows. */
  async stats(signal?: AbortSignal): Promise<Stats> {
    return this.rest.json({ method: 'GET', path: '/api/v1/stats', signal }, statsSchema);
  }
}

/** Connects to a coordinator. Throws MH-GEN-009 when the address is none, MH-GEN-005 when nothing answers there, MH-NET-… when something else does, and MH-SIG-007 when it is not the coordinator it was before. */
export async function connect(address: string | URL, options: ConnectOptions = {}): Promise<Coordinator> {
  const url = coordinatorAddress(String(address));
  const dataDirectory = options.dataDirectory ?? defaultDataDirectory();
  const rest = new RestClient({
    url,
    patienceMs: options.patienceMs ?? DEFAULT_PATIENCE_MS,
    onTrouble: options.onTrouble,
  });
  const info = await rest
    .withPatience(Math.min(FIRST_CALL_PATIENCE_MS, rest.options.patienceMs))
    .json(
      { method: 'GET', path: '/api/v1/coordinator', timeoutMs: 10_000, signal: options.signal },
      coordinatorInfoSchema,
    );
  if (coordinatorIdOf(fromBase64Url(info.publicKey)) !== info.coordinatorId)
    throw foreignAnswer(url.origin, { status: 200 });
  if (options.isPinned !== false)
    await pinCoordinator(dataDirectory, { origin: rest.address, coordinatorId: info.coordinatorId });
  return new Coordinator(info, { rest, dataDirectory });
}
