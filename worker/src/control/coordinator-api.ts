// The coordinator's REST interface as far as a worker needs it. Answers are bounded and checked like everything that comes from outside.
import { randomBytes } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import {
  type AppVersionId,
  accountCodeSchema,
  appVersionStatusSchema,
  CoordinatorClock,
  type CoordinatorId,
  type CoordinatorInfo,
  coordinatorIdOf,
  coordinatorInfoSchema,
  createRequestToken,
  foreignAnswer,
  fromBase64Url,
  type KeyPair,
  ManyhandsError,
  type ProjectId,
  projectSchema,
  questionsSchema,
  sha256,
  slugSchema,
  UPLOADS_IN_PARTS,
  type UploadKind,
  uploadPathOf,
  uploadStateSchema,
} from '@manyhands/contract';
import type { UnitRef } from '@manyhands/worker-core';
import { z } from 'zod';
import { call, type HttpCall, jsonOf, Silence } from './answers.js';
import { type UploadFile, uploadInParts } from './part-upload.js';
import { ANY_WAY_OUT, type WayOut } from './way-out.js';

const OK = 200;
const NOTHING = new Uint8Array();
const TIMEOUT_MS = 15_000;
/** Projects that are named to who misspelt one. */
const NAMED_MAXIMUM = 10;
/** Asked for within a handshake, for which the coordinator waits ten seconds. */
const CODE_TIMEOUT_MS = 8_000;
/** A part, or the question how much has arrived: at 35 kbit/s a part arrives in time, and smaller ones are tried below that. */
const PART_TIMEOUT_MS = 120_000;
/** The whole in one call, to a coordinator that takes no parts. */
const UPLOAD_TIMEOUT_MS = 10 * 60_000;
/** A download ends when so long nothing more has come, however long it takes in all. */
const SILENCE_MAXIMUM_MS = 60_000;

/** Asks an address who it is. Throws MH-GEN-005 when it cannot be reached, MH-NET-… when something else answers. */
export async function fetchCoordinatorInfo(
  coordinatorUrl: string,
  { fetch }: Pick<WayOut, 'fetch'> = ANY_WAY_OUT,
): Promise<CoordinatorInfo> {
  const answer = await getJson({ coordinatorUrl, path: '/api/v1/coordinator', fetch }, new AbortController().signal);
  const info = coordinatorInfoSchema.safeParse(answer);
  if (!info.success || coordinatorIdOf(fromBase64Url(info.data.publicKey)) !== info.data.coordinatorId)
    throw foreignAnswer(coordinatorUrl, { status: OK });
  return info.data;
}

export class CoordinatorApi {
  readonly #coordinatorUrl: string;
  readonly #coordinatorId: CoordinatorId;
  readonly #keyPair: KeyPair;
  readonly #fetch: typeof fetch;
  #takesParts = false;
  /** This computer's own may be wrong. */
  readonly #clock = new CoordinatorClock();

  /** `wayOut`: default: any. */
  constructor(
    options: { coordinatorUrl: string; coordinatorId: CoordinatorId },
    dependencies: { keyPair: KeyPair; wayOut?: Pick<WayOut, 'fetch'> },
  ) {
    this.#coordinatorUrl = options.coordinatorUrl;
    this.#coordinatorId = options.coordinatorId;
    this.#keyPair = dependencies.keyPair;
    this.#fetch = (dependencies.wayOut ?? ANY_WAY_OUT).fetch;
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
    const ids: ProjectId[] = [];
    for (const name of names) ids.push(await this.#projectId(name));
    return ids;
  }

  async #projectId(name: string): Promise<ProjectId> {
    const { signal } = new AbortController();
    const path = `/api/v1/projects?name=${encodeURIComponent(name)}`;
    const named = slugSchema.safeParse(name).success ? await this.#get(path, z.array(projectSchema), signal) : [];
    const found = named.find((project) => project.name === name && project.state !== 'pending');
    if (found) return found.projectId;
    const message = `The coordinator has no project named ${name}.${await this.#others(signal)}`;
    throw new ManyhandsError('MH-GEN-003', { message, meta: { name } });
  }

  /** A sentence that names some projects; none of older coordinators, which tell of all or nothing. */
  async #others(signal: AbortSignal): Promise<string> {
    try {
      const { questions } = await this.#get(`/api/v1/questions?limit=${NAMED_MAXIMUM}`, questionsSchema, signal);
      const names = questions.map(({ project }) => project.name).join(', ') || 'none';
      return ` It has: ${names}${questions.length < NAMED_MAXIMUM ? '' : ' and others'}.`;
    } catch (error) {
      if (ManyhandsError.from(error).code === 'MH-GEN-003') return '';
      throw error;
    }
  }

  /** What the coordinator says that it can do, after each welcome. */
  setFeatures(features: readonly string[]): void {
    this.#takesParts = features.includes(UPLOADS_IN_PARTS);
  }

  /**
   * Brings a result or an encrypted checkpoint to the coordinator, straight from its file: in parts, which go on where they were cut off, or in one call to a
   * coordinator that takes no parts. Resolves once it has it. Throws the coordinator's own code, MH-GEN-004, MH-GEN-005, MH-NET-….
   */
  async upload(
    unit: UnitRef,
    { kind, file }: { kind: UploadKind; file: UploadFile },
    { signal, onProgress }: { signal: AbortSignal; onProgress?: ((offset: number) => void) | undefined },
  ): Promise<void> {
    if (!this.#takesParts) return this.#put(unit, { kind, file }, signal);
    const whole = { kind, sha256: Buffer.from(file.sha256).toString('hex'), sizeBytes: file.sizeBytes };
    const ask = async (method: 'GET' | 'PATCH', path: string, content: Uint8Array<ArrayBuffer> | null) => {
      const bodySha256 = sha256(content ?? NOTHING);
      const limit = AbortSignal.timeout(PART_TIMEOUT_MS);
      const response = await this.#signed({ method, path, content, bodySha256, limit }, signal);
      return this.#checked(response, uploadStateSchema, path);
    };
    await uploadInParts(
      file,
      {
        state: () => ask('GET', uploadPathOf(unit, whole), null),
        append: (offset, bytes) => ask('PATCH', uploadPathOf(unit, { ...whole, offset }), bytes),
      },
      onProgress ?? (() => {}),
    );
  }

  async #put(
    unit: UnitRef,
    { kind, file }: { kind: UploadKind; file: UploadFile },
    signal: AbortSignal,
  ): Promise<void> {
    const content = await openAsBlob(file.path, { type: 'application/octet-stream' });
    const path = `/api/v1/leases/${unit.leaseId}/units/${unit.index}/${kind}`;
    const limit = AbortSignal.timeout(UPLOAD_TIMEOUT_MS);
    const response = await this.#signed({ method: 'PUT', path, content, bodySha256: file.sha256, limit }, signal);
    await response.body?.cancel();
  }

  /** The encrypted checkpoint of a leased unit, as it comes. Throws the coordinator's own code, MH-GEN-004, MH-GEN-005, MH-NET-…. */
  async getCheckpoint(unit: UnitRef, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const path = `/api/v1/leases/${unit.leaseId}/units/${unit.index}/checkpoint`;
    const bodySha256 = sha256(NOTHING);
    const silence = new Silence(SILENCE_MAXIMUM_MS);
    const asked = { method: 'GET', path, content: null, bodySha256, limit: silence.signal } as const;
    const response = await this.#signed(asked, signal);
    if (response.body) return silence.during(this.#coordinatorUrl, response.body);
    throw new ManyhandsError('MH-CKP-006');
  }

  /** A one-time code of the account that this host belongs to. Throws MH-ACC-002 when it belongs to none, MH-HST-001, MH-GEN-003 (an older coordinator). */
  async accountCode(): Promise<string> {
    const path = '/api/v1/hosts/self/codes';
    const limit = AbortSignal.timeout(CODE_TIMEOUT_MS);
    const request = { method: 'POST', path, content: null, bodySha256: sha256(NOTHING), limit } as const;
    const response = await this.#signed(request, new AbortController().signal);
    return (await this.#checked(response, accountCodeSchema, path)).code;
  }

  /** Makes a call that the host's key signs; once more by the coordinator's time when it finds this computer's clock wrong. */
  async #signed(request: SignedRequest, signal: AbortSignal): Promise<Response> {
    try {
      return await this.#send(request, signal);
    } catch (error) {
      const refusal = ManyhandsError.from(error);
      if (refusal.code !== 'MH-SIG-005' || !this.#clock.learn(dateIn(refusal))) throw error;
      return this.#send(request, signal);
    }
  }

  #send({ method, path, content, bodySha256, limit }: SignedRequest, signal: AbortSignal): Promise<Response> {
    const authorization = createRequestToken(
      { method, path, bodySha256 },
      { coordinatorId: this.#coordinatorId, nowMs: this.#clock.nowMs(), nonce: new Uint8Array(randomBytes(16)) },
      this.#keyPair,
    );
    const headers = { authorization, ...(content && { 'content-type': 'application/octet-stream' }) };
    const place = { coordinatorUrl: this.#coordinatorUrl, path, fetch: this.#fetch };
    return call({ ...place, init: { method, body: content, headers }, limit }, signal);
  }

  async #get<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    const place = { coordinatorUrl: this.#coordinatorUrl, path, fetch: this.#fetch };
    return parsedBy(schema, await getJson(place, signal), path);
  }

  async #checked<T>(response: Response, schema: z.ZodType<T>, path: string): Promise<T> {
    return parsedBy(schema, await jsonOf(this.#coordinatorUrl, response), path);
  }
}

type SignedRequest = {
  method: 'GET' | 'PUT' | 'PATCH' | 'POST';
  path: string;
  content: Uint8Array<ArrayBuffer> | Blob | null;
  bodySha256: Uint8Array;
  limit: AbortSignal;
};

/** When the coordinator refused a call, by its clock. */
function dateIn({ meta }: ManyhandsError): string | null {
  return typeof meta.date === 'string' ? meta.date : null;
}

function parsedBy<T>(schema: z.ZodType<T>, answer: unknown, path: string): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new ManyhandsError('MH-GEN-005', { message: `The coordinator's answer to ${path} is not understood.` });
}

async function getJson(
  place: Pick<HttpCall, 'coordinatorUrl' | 'path' | 'fetch'>,
  signal: AbortSignal,
): Promise<unknown> {
  const init = { headers: { accept: 'application/json' } };
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  return jsonOf(place.coordinatorUrl, await call({ ...place, init, limit }, signal));
}
