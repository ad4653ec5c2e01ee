// The coordinator's REST interface as far as a worker needs it. Answers are bounded and checked like everything that comes from outside.
import { randomBytes } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import {
  type AppVersionId,
  appVersionStatusSchema,
  CoordinatorClock,
  type CoordinatorId,
  type CoordinatorInfo,
  coordinatorIdOf,
  coordinatorInfoSchema,
  createRequestToken,
  fromBase64Url,
  type KeyPair,
  ManyhandsError,
  type ProjectId,
  projectSchema,
  sha256,
  unreachable,
} from '@manyhands/contract';
import type { UnitRef } from '@manyhands/worker-core';
import { z } from 'zod';

const OK = 200;
const TIMEOUT_MS = 15_000;
const UPLOAD_TIMEOUT_MS = 10 * 60_000;
const ANSWER_MAXIMUM_BYTES = 4 * 1024 * 1024;

/** Asks an address who it is. Throws MH-GEN-005 when it cannot be reached or is no coordinator. */
export async function fetchCoordinatorInfo(coordinatorUrl: string): Promise<CoordinatorInfo> {
  const answer = await getJson(`${coordinatorUrl}/api/v1/coordinator`, new AbortController().signal).catch((error) => {
    if (!(error instanceof ManyhandsError)) throw unreachable(coordinatorUrl, error);
    const { status } = error.meta;
    if (typeof status === 'number') throw unreachable(coordinatorUrl, new Error(`status ${status}`), status);
    throw error.code === 'MH-GEN-005' ? unreachable(coordinatorUrl, error.cause) : error;
  });
  const info = coordinatorInfoSchema.safeParse(answer);
  if (!info.success || coordinatorIdOf(fromBase64Url(info.data.publicKey)) !== info.data.coordinatorId)
    throw unreachable(coordinatorUrl, new Error('it says other things than one'), OK);
  return info.data;
}

export class CoordinatorApi {
  readonly #coordinatorUrl: string;
  readonly #coordinatorId: CoordinatorId;
  readonly #keyPair: KeyPair;
  /** This computer's own may be wrong. */
  readonly #clock = new CoordinatorClock();

  constructor(options: { coordinatorUrl: string; coordinatorId: CoordinatorId }, dependencies: { keyPair: KeyPair }) {
    this.#coordinatorUrl = options.coordinatorUrl;
    this.#coordinatorId = options.coordinatorId;
    this.#keyPair = dependencies.keyPair;
  }

  /** What the coordinator said at the welcome; older ones say nothing. */
  setTime(nowMs: number | undefined): void {
    if (nowMs !== undefined) this.#clock.set(nowMs);
  }

  /** The signed genesis of a project. Throws MH-GEN-003 when there is none, MH-GEN-004 and MH-GEN-005 for trouble on the way. */
  async projectGenesis(projectId: ProjectId, signal: AbortSignal): Promise<Uint8Array> {
    const project = await this.#get(`/api/v1/projects/${projectId}`, projectSchema, signal);
    return fromBase64Url(project.genesis);
  }

  /** The signed record of an app version. */
  async appVersionRecord(appVersionId: AppVersionId, signal: AbortSignal): Promise<Uint8Array> {
    const status = await this.#get(`/api/v1/app-versions/${appVersionId}`, appVersionStatusSchema, signal);
    return fromBase64Url(status.record);
  }

  /** The identifiers of projects by name. Throws MH-GEN-003 for a name that the coordinator does not know. */
  async projectIds(names: readonly string[]): Promise<ProjectId[]> {
    const projects = await this.#get('/api/v1/projects', z.array(projectSchema), new AbortController().signal);
    return names.map((name) => {
      const found = projects.find((project) => project.name === name);
      if (found) return found.projectId;
      const known = projects.map((project) => project.name).join(', ') || 'none';
      const message = `The coordinator has no project named ${name}. It has: ${known}.`;
      throw new ManyhandsError('MH-GEN-003', { message, meta: { name } });
    });
  }

  /** Puts a bundle that the coordinator wants. Throws the coordinator's own code, or MH-GEN-005. */
  async putBundle(unit: UnitRef, bundle: Uint8Array, signal: AbortSignal): Promise<void> {
    const path = `/api/v1/leases/${unit.leaseId}/units/${unit.index}/result`;
    const response = await this.#signed(
      { method: 'PUT', path, content: bundle as Uint8Array<ArrayBuffer>, bodySha256: sha256(bundle) },
      signal,
    );
    await response.body?.cancel();
  }

  /** Puts an encrypted checkpoint, straight from its file. Throws the coordinator's own code, or MH-GEN-005. */
  async putCheckpoint(
    unit: UnitRef,
    { path: file, digest }: { path: string; digest: Uint8Array },
    signal: AbortSignal,
  ): Promise<void> {
    const content = await openAsBlob(file, { type: 'application/octet-stream' });
    const path = checkpointPathOf(unit);
    const response = await this.#signed({ method: 'PUT', path, content, bodySha256: digest }, signal);
    await response.body?.cancel();
  }

  /** The encrypted checkpoint of a leased unit, as it comes. Throws the coordinator's own code, or MH-GEN-005. */
  async getCheckpoint(unit: UnitRef, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const path = checkpointPathOf(unit);
    const bodySha256 = sha256(new Uint8Array());
    const response = await this.#signed({ method: 'GET', path, content: null, bodySha256 }, signal);
    if (response.body) return response.body;
    throw new ManyhandsError('MH-CKP-006');
  }

  /** Makes a call that the host's key signs; once more by the coordinator's time when it finds this computer's clock wrong. */
  async #signed(request: SignedRequest, signal: AbortSignal): Promise<Response> {
    const response = await this.#send(request, signal);
    if (response.ok) return response;
    const refusal = await refusalOf(response);
    if (refusal.code !== 'MH-SIG-005' || !this.#clock.learn(response.headers.get('date'))) throw refusal;
    const again = await this.#send(request, signal);
    if (again.ok) return again;
    throw await refusalOf(again);
  }

  #send({ method, path, content, bodySha256 }: SignedRequest, signal: AbortSignal): Promise<Response> {
    const authorization = createRequestToken(
      { method, path, bodySha256 },
      { coordinatorId: this.#coordinatorId, nowMs: this.#clock.nowMs(), nonce: new Uint8Array(randomBytes(16)) },
      this.#keyPair,
    );
    return fetch(this.#coordinatorUrl + path, {
      method,
      body: content,
      headers: { authorization, ...(content ? { 'content-type': 'application/octet-stream' } : {}) },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(UPLOAD_TIMEOUT_MS)]),
    }).catch((cause) => {
      throw unreachable(this.#coordinatorUrl, cause);
    });
  }

  async #get<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    const answer = await getJson(this.#coordinatorUrl + path, signal);
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new ManyhandsError('MH-GEN-005', { message: `The coordinator's answer to ${path} is not understood.` });
  }
}

type SignedRequest = {
  method: 'GET' | 'PUT';
  path: string;
  content: Uint8Array<ArrayBuffer> | Blob | null;
  bodySha256: Uint8Array;
};

function checkpointPathOf({ leaseId, index }: UnitRef): string {
  return `/api/v1/leases/${leaseId}/units/${index}/checkpoint`;
}

async function getJson(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/json' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }).catch((cause) => {
    signal.throwIfAborted();
    throw unreachable(url, cause);
  });
  if (!response.ok) throw await refusalOf(response);
  return JSON.parse(await readBounded(response));
}

async function refusalOf(response: Response): Promise<ManyhandsError> {
  try {
    const body: unknown = JSON.parse(await readBounded(response));
    if (typeof body === 'object' && body !== null && 'code' in body) return ManyhandsError.fromObject(body);
  } catch {
    // an answer that is no JSON says no more than its status
  }
  return new ManyhandsError(response.status >= 500 ? 'MH-GEN-005' : 'MH-GEN-003', {
    message: `The coordinator answered with status ${response.status}.`,
    meta: { status: response.status },
  });
}

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > ANSWER_MAXIMUM_BYTES)
      throw new ManyhandsError('MH-GEN-011', { message: 'An answer of the coordinator is larger than 4 MiB.' });
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
