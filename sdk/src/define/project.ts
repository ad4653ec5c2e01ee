// A project: one undertaking on a coordinator, with the key that signs everything in it.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  type Batch as BatchStatus,
  batchIdOf,
  batchIdSchema,
  batchSchema,
  type createProjectSchema,
  type KeyPair,
  ManyhandsError,
  open,
  type ProjectGenesis,
  type ProjectId,
  type Project as ProjectStatus,
  projectGenesisSchema,
  projectIdOf,
  projectIdSchema,
  projectSchema,
  seal,
  slugSchema,
  toBase64Url,
} from '@manyhands/contract';
import { shellLine } from '@manyhands/contract/words';
import { z } from 'zod';
import { projectKeyFile, readKey, readOrCreateKey, readRecord, writeRecord } from '../kept/data-directory.js';
import type { Signer } from '../rest/client.js';
import type { Connected } from '../rest/connected.js';
import { Batch } from '../results/batch.js';
import { type App, type AppOptions, publishApp } from './app.js';
import { namedProject } from './named-project.js';
import {
  checkWords,
  type Difference,
  differencesOf,
  isAddition,
  otherTexts,
  type ProjectWords,
  signTexts,
} from './project-texts.js';

export type ProjectOptions = ProjectWords & {
  /**
   * Told when the project exists already with other texts, which stay: change them with `project.edit`. Without it Node prints a warning
   * with the code MH-PRJ-007.
   */
  onOtherTexts?: (error: ManyhandsError, differences: readonly Difference[]) => void;
  /** Where the operator demands one. */
  invitation?: string;
  /** `false`: only open what exists; throws MH-GEN-003 otherwise. */
  create?: boolean;
  signal?: AbortSignal;
};

const recordSchema = z.object({ version: z.literal(1), projectId: projectIdSchema });

/** A project of yours. Get one from `coordinator.project`. */
export class Project {
  readonly id: ProjectId;
  readonly name: string;
  readonly coordinator: Connected;
  /** @internal */ readonly signer: Signer;

  constructor(
    { id, name }: { id: ProjectId; name: string },
    dependencies: { coordinator: Connected; keyPair: KeyPair },
  ) {
    this.id = id;
    this.name = name;
    this.coordinator = dependencies.coordinator;
    this.signer = { keyPair: dependencies.keyPair, coordinatorId: dependencies.coordinator.info.coordinatorId };
  }

  /** Publishes a program and waits until the coordinator has checked it. Doing so again gives the same app version. */
  async app(options: AppOptions): Promise<App> {
    return publishApp(this, options);
  }

  /** State and texts as the coordinator shows them. */
  async status(signal?: AbortSignal): Promise<ProjectStatus> {
    const path = `/api/v1/projects/${this.id}`;
    return this.coordinator.rest.json({ method: 'GET', path, signal }, projectSchema);
  }

  /**
   * Changes what is said about the project; what is not given stays. Signed with the project's key.
   * Throws MH-GEN-009 for unusable texts, MH-PRJ-005 when they take back what the operator asks for, MH-PRJ-006 when others changed them meanwhile.
   */
  async edit(words: ProjectWords, signal?: AbortSignal): Promise<ProjectStatus> {
    const json = { texts: signTexts(words, await this.status(signal), this.signer) };
    return this.coordinator.rest.json(
      { method: 'PUT', path: `/api/v1/projects/${this.id}/texts`, json, signer: this.signer, signal },
      projectSchema,
    );
  }

  /** The project's batches. */
  async batches(signal?: AbortSignal): Promise<BatchStatus[]> {
    const path = `/api/v1/projects/${this.id}/batches`;
    return this.coordinator.rest.list({ method: 'GET', path, signal }, z.array(batchSchema));
  }

  /** A batch by its name or identifier. Throws MH-GEN-003. */
  async batch(nameOrId: string, signal?: AbortSignal): Promise<Batch> {
    const id = batchIdSchema.safeParse(nameOrId);
    const batchId = id.success ? id.data : batchIdOf(this.id, nameOrId);
    const status = await this.coordinator.rest.json(
      { method: 'GET', path: `/api/v1/batches/${batchId}`, signal },
      batchSchema,
    );
    return new Batch(status, { coordinator: this.coordinator, signer: this.signer });
  }
}

/** Opens or creates a project. */
export async function openProject(
  coordinator: Connected,
  options: ProjectOptions & { name: string },
): Promise<Project> {
  const name = checkName(options.name);
  const recordFile = join(coordinator.dataDirectory, 'projects', `${name}@${coordinator.info.coordinatorId}.json`);
  const keyPair = await readKey(projectKeyFile(coordinator.dataDirectory, name));
  const record = await readRecord(recordFile, recordSchema);
  const known = keyPair && record && (await findProject(coordinator, record.projectId, options.signal));
  if (known)
    return withTexts(
      new Project({ id: known.projectId, name }, { coordinator, keyPair }),
      { status: known, isKnown: true },
      options,
    );
  const listed = await namedProject(coordinator.rest, name, options.signal);
  if (listed && keyPair && !record)
    return withTexts(
      new Project({ id: listed.projectId, name }, { coordinator, keyPair }),
      { status: listed, isKnown: true },
      options,
    );
  if (listed)
    throw new ManyhandsError('MH-PRJ-001', {
      message: `"${name}" is taken here under another key. Choose another name with --project, or copy its key to ${projectKeyFile(coordinator.dataDirectory, name)}.`,
    });
  if (options.create === false) throw notThere(name, coordinator);
  return createProject(coordinator, { ...options, name, recordFile });
}

/** States facts that were never stated; of any other difference it says that it is not applied. */
async function withTexts(
  project: Project,
  { status, isKnown }: { status: ProjectStatus; isKnown: boolean },
  options: ProjectOptions,
): Promise<Project> {
  if (options.invitation !== undefined && status.state === 'pending' && isKnown)
    throw new ManyhandsError('MH-PRJ-007', {
      message: `${project.name} exists already and waits for its facts or for the operator's approval; an invitation counts when a project is founded. Please ask the operator: ${shellLine(['manyhands', 'project', 'approve', project.name, '--coordinator', project.coordinator.url])}`,
      meta: { project: project.name, state: status.state },
    });
  const differences = differencesOf(options, status);
  if (differences.length === 0) return project;
  if (isAddition(differences, status)) {
    await project.edit(options, options.signal);
    return project;
  }
  const { url, dataDirectory } = project.coordinator;
  const error = otherTexts({ name: project.name, url, dataDirectory }, differences);
  if (options.onOtherTexts) options.onOtherTexts(error, differences);
  else process.emitWarning(error.message, { type: 'ManyhandsWarning', code: error.code });
  return project;
}

/** The record is written before the call: after a lost answer the same founding record is sent again. */
async function createProject(
  coordinator: Connected,
  options: ProjectOptions & { name: string; recordFile: string },
): Promise<Project> {
  checkWords(options);
  const keyPair = await readOrCreateKey(projectKeyFile(coordinator.dataDirectory, options.name));
  const context = { type: 'project-genesis', coordinatorId: coordinator.info.coordinatorId } as const;
  const wanted = genesisOf(options, keyPair);
  const envelope = seal(wanted, context, keyPair);
  const opened = open(envelope, context, { schema: projectGenesisSchema });
  if (!opened.ok) throw new ManyhandsError('MH-GEN-009', { message: `The project is not usable: ${opened.reason}` });
  const id = projectIdOf(opened.payload);
  await writeRecord(options.recordFile, { version: 1, projectId: id });
  const project = new Project({ id, name: options.name }, { coordinator, keyPair });
  const json: z.infer<typeof createProjectSchema> = {
    genesis: toBase64Url(envelope),
    invitation: options.invitation ?? null,
  };
  const created = await coordinator.rest.json(
    { method: 'POST', path: '/api/v1/projects', json, signer: project.signer, signal: options.signal },
    projectSchema,
  );
  return withTexts(project, { status: created, isKnown: false }, options);
}

function genesisOf(options: ProjectOptions & { name: string }, keyPair: KeyPair): ProjectGenesis {
  return {
    version: 1,
    name: options.name,
    title: options.title ?? options.name,
    question: options.question ?? '',
    description: options.description ?? '',
    ownerKey: new Uint8Array(keyPair.publicKey),
    nonce: new Uint8Array(randomBytes(16)),
  };
}

async function findProject(
  coordinator: Connected,
  projectId: ProjectId,
  signal: AbortSignal | undefined,
): Promise<ProjectStatus | undefined> {
  try {
    const path = `/api/v1/projects/${projectId}`;
    return await coordinator.rest.json({ method: 'GET', path, signal }, projectSchema);
  } catch (error) {
    if (error instanceof ManyhandsError && error.code === 'MH-GEN-003') return undefined;
    throw error;
  }
}

function checkName(name: string): string {
  if (slugSchema.safeParse(name).success) return name;
  throw new ManyhandsError('MH-GEN-009', {
    message: `"${name}" is not a usable project name: use letters, digits, dots, hyphens and underscores.`,
  });
}

function notThere(name: string, coordinator: Connected): ManyhandsError {
  return new ManyhandsError('MH-GEN-003', {
    message: `There is no project ${name} of yours at ${coordinator.url}. Create it first, or check the data folder ${coordinator.dataDirectory}.`,
    meta: { project: name },
  });
}
