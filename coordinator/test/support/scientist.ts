// A project with an app and batches, made call by call as the library does it.
import {
  type AppVersionStatus,
  type Batch,
  type Block,
  batchIdOf,
  COST_TABLE,
  encodeManifestPage,
  HOST_ABI,
  INSTRUMENTER,
  type KeyPair,
  type Project,
  type ProjectId,
  type UnitDescriptor,
} from '@manyhands/contract';
import { type Program, programOf } from './programs.js';
import { genesisOf, keyOf, sealed, textsOf } from './records.js';
import { type Answer, type Client, until } from './running.js';

export type BatchPlan = {
  name?: string;
  units?: readonly UnitDescriptor[];
  blocks?: readonly Block[];
  quorum?: number;
  sequence?: number;
  expiresAfterMs?: number | null;
  root?: Record<string, unknown>;
};

export class Scientist {
  readonly key: KeyPair;
  projectId = '' as ProjectId;
  appVersionId = '';

  constructor(
    readonly client: Client,
    readonly name = 'science',
  ) {
    this.key = keyOf(name);
  }

  get signer(): { projectId: ProjectId; signer: KeyPair } {
    return { projectId: this.projectId, signer: this.key };
  }

  sealed(value: unknown, type: Parameters<typeof sealed>[1], key = this.key): string {
    return sealed(value, type, { coordinatorId: this.client.coordinatorId, key });
  }

  async found(invitation: string | null = null): Promise<Answer<Project>> {
    const genesis = this.sealed(genesisOf(this.name, this.key), 'project-genesis');
    const answer = await this.client.call<Project>('POST', '/api/v1/projects', { json: { genesis, invitation } });
    this.projectId = answer.body.projectId;
    return answer;
  }

  /** Signs and sends texts; all facts are stated unless told otherwise. */
  state(words: Record<string, unknown> = {}, key = this.key): Promise<Answer<Project>> {
    const texts = { ...textsOf(this.projectId), ...words };
    const json = { texts: this.sealed(texts, 'project-texts', key) };
    return this.client.call<Project>('PUT', `/api/v1/projects/${this.projectId}/texts`, { json });
  }

  async publish(program?: Program, more: Record<string, unknown> = {}): Promise<Answer<AppVersionStatus>> {
    const { blocks, original, builds, memoryMaximumBytes } = program ?? (await programOf());
    for (const block of blocks) await this.client.putBlock(block, this.signer);
    const record = {
      ...{ version: 1, projectId: this.projectId, name: 'program', original, builds, memoryMaximumBytes },
      ...{ hostAbi: HOST_ABI, instrumenter: INSTRUMENTER, costTable: COST_TABLE },
      ...{ sourceCid: null, buildRecord: null },
      ...more,
    };
    const path = `/api/v1/projects/${this.projectId}/app-versions`;
    return this.client.call<AppVersionStatus>('POST', path, { json: { record: this.sealed(record, 'app-version') } });
  }

  /** Publishes and waits for the verdict. */
  async publishChecked(program?: Program, more: Record<string, unknown> = {}): Promise<AppVersionStatus> {
    const published = await this.publish(program, more);
    if (published.status !== 200) throw new Error(`not published: ${JSON.stringify(published.body)}`);
    const path = `/api/v1/app-versions/${published.body.appVersionId}`;
    const { body } = await until(
      () => this.client.call<AppVersionStatus>('GET', path),
      (answer) => answer.body.state !== 'pending',
    );
    this.appVersionId = body.appVersionId;
    return body;
  }

  /** A project with a ready app. */
  async prepare(): Promise<this> {
    await this.found();
    await this.publishChecked();
    return this;
  }

  /** The pages, inputs and signed records of a batch. */
  plan(plan: BatchPlan = {}): { blocks: Block[]; json: { manifest: string; policy: string }; batchId: string } {
    const name = plan.name ?? 'batch';
    const units = plan.units ?? [unitOf('unit-1'), unitOf('unit-2')];
    const page = encodeManifestPage({ version: 1, firstIndex: 0, units: [...units] });
    const root = {
      ...{ version: 1, projectId: this.projectId, batchName: name, appVersionId: this.appVersionId },
      ...{ unitCount: units.length, pages: [page.cid], presentation: null },
      common: { programName: 'program', args: [], env: {}, files: [], collect: [], okExitCodes: [0], clockMs: null },
      limits: { timeoutMs: 60_000, outputMaximumBytes: 100_000, fuelMaximum: 2 ** 42, expectedDurationMs: 1000 },
      ...plan.root,
    };
    const batchId = batchIdOf(this.projectId, name);
    const policy = this.policy(batchId, plan);
    return {
      blocks: [page, ...(plan.blocks ?? [])],
      json: { manifest: this.sealed(root, 'manifest'), policy: this.sealed(policy, 'policy') },
      batchId,
    };
  }

  policy(batchId: string, { quorum = 2, sequence = 0, expiresAfterMs = null }: BatchPlan): Record<string, unknown> {
    return { version: 1, batchId, sequence, quorum, priority: 0, expiresAfterMs };
  }

  async submit(plan: BatchPlan = {}): Promise<Answer<Batch>> {
    const { blocks, json } = this.plan(plan);
    for (const block of blocks) await this.client.putBlock(block, this.signer);
    return this.post(json);
  }

  post(json: { manifest: string; policy: string }): Promise<Answer<Batch>> {
    return this.client.call<Batch>('POST', `/api/v1/projects/${this.projectId}/batches`, { json });
  }
}

export function unitOf(name: string, more: Partial<UnitDescriptor> = {}): UnitDescriptor {
  return { name, args: [], stdin: null, files: [], ...more };
}
