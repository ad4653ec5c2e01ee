// The client of the coordinator's REST interface: signed calls with a fresh token each attempt, retried while the coordinator is away.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  awakeNowMs,
  CoordinatorClock,
  type CoordinatorId,
  createRequestToken,
  foreignAnswer,
  isManyhandsError,
  type KeyPair,
  ManyhandsError,
  utf8Bytes,
} from '@manyhands/contract';
import type { z } from 'zod';
import { isWorthRetrying, waitBeforeRetryMs } from './backoff.js';
import { type Answer, exchange, type HttpCall, parseJson } from './http.js';

const JSON_ANSWER_MAXIMUM_BYTES = 32 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 30_000;
/** How long the library goes on trying while the coordinator cannot be reached: enough for a restart, an upgrade, a moved laptop. */
export const DEFAULT_PATIENCE_MS = 10 * 60_000;

/** What `onTrouble` is told when a call has to be tried again. */
export type Trouble = { error: ManyhandsError; attempt: number; waitMs: number };

export type RestOptions = {
  /** The coordinator's address; a proxy may have it below a path. */
  url: URL;
  /** How long a call is tried again before its error is thrown, in milliseconds. */
  patienceMs: number;
  onTrouble?: ((trouble: Trouble) => void) | undefined;
};

export type Call = {
  method: HttpCall['method'];
  /** The path with its query, from `/api` on. */
  path: string;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, instead of `json`. */
  bytes?: Uint8Array;
  /** Signs the call. */
  signer?: Signer | undefined;
  /** Sent as Bearer authorization: the operator's token. */
  token?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Time limit of one attempt. */
  timeoutMs?: number;
};

/** Who signs calls, and for which coordinator. */
export type Signer = { keyPair: KeyPair; coordinatorId: CoordinatorId };

export class RestClient {
  readonly options: RestOptions;
  /** Calls are signed by the coordinator's time, once it has said that this computer's is wrong. */
  readonly #clock: CoordinatorClock;

  constructor(options: RestOptions, clock = new CoordinatorClock()) {
    this.options = options;
    this.#clock = clock;
  }

  /** The coordinator's address as text, to which the path of a call is added. */
  get address(): string {
    return this.options.url.href.replace(/\/+$/, '');
  }

  /** The same client with another patience. */
  withPatience(patienceMs: number): RestClient {
    return new RestClient({ ...this.options, patienceMs }, this.#clock);
  }

  /** Calls and checks the JSON answer. Throws the coordinator's error, MH-GEN-004, MH-GEN-005 or MH-NET-…. */
  async json<T>(call: Call, schema: z.ZodType<T>): Promise<T> {
    return (await this.page(call, schema)).value;
  }

  /** All rows of a list, page after page. (A coordinator of an older version has but one.) Throws like `json`. */
  async list<T>(call: Call, schema: z.ZodType<T[]>): Promise<T[]> {
    const rows: T[] = [];
    for (let path: string | null = call.path; path !== null; ) {
      const page: { value: T[]; next: string | null } = await this.page({ ...call, path }, schema);
      rows.push(...page.value);
      path = page.next;
    }
    return rows;
  }

  private async page<T>(call: Call, schema: z.ZodType<T>): Promise<{ value: T; next: string | null }> {
    const { bytes, next, ...about } = await this.answer(call, JSON_ANSWER_MAXIMUM_BYTES);
    const value = parseJson(bytes);
    if (value === undefined) throw foreignAnswer(this.options.url.origin, about);
    const answer = schema.safeParse(value);
    if (answer.success) return { value: answer.data, next };
    throw new ManyhandsError('MH-GEN-005', {
      message: `Something answers at ${this.options.url.origin}, but it is not a coordinator of this version. Please check the address.`,
      meta: { url: this.options.url.origin, path: call.path },
    });
  }

  /** Calls and returns the bytes of the answer. */
  async bytes(call: Call, answerMaximumBytes: number): Promise<Uint8Array> {
    return (await this.answer(call, answerMaximumBytes)).bytes;
  }

  private async answer(call: Call, answerMaximumBytes: number): Promise<Answer> {
    const giveUpAtMs = awakeNowMs() + this.options.patienceMs;
    let isClockLearned = false;
    for (let attempt = 0; ; attempt += 1) {
      call.signal?.throwIfAborted();
      try {
        return await exchange(this.prepare(call, answerMaximumBytes), call.signal);
      } catch (error) {
        if (!isClockLearned && this.#learnClock(error)) {
          isClockLearned = true;
          continue;
        }
        if (!isWorthRetrying(error)) throw error;
        const askedMs = typeof error.meta.retryAfterMs === 'number' ? error.meta.retryAfterMs : 0;
        const waitMs = waitBeforeRetryMs(attempt, Math.random(), askedMs);
        if (awakeNowMs() + waitMs > giveUpAtMs) throw error;
        this.options.onTrouble?.({ error, attempt, waitMs });
        await sleep(waitMs, undefined, call.signal && { signal: call.signal }).catch(() => undefined);
      }
    }
  }

  /** Whether a refusal says that this computer's clock is wrong, and what the right time is. */
  #learnClock(error: unknown): boolean {
    if (!isManyhandsError(error) || error.code !== 'MH-SIG-005') return false;
    const { date } = error.meta;
    return this.#clock.learn(typeof date === 'string' ? date : null);
  }

  private prepare(call: Call, answerMaximumBytes: number): HttpCall {
    const body = call.bytes ?? (call.json === undefined ? undefined : utf8Bytes(JSON.stringify(call.json)));
    const headers: Record<string, string> = { accept: 'application/json, application/octet-stream' };
    if (body) headers['content-type'] = call.bytes ? 'application/octet-stream' : 'application/json';
    if (call.token) headers.authorization = `Bearer ${call.token}`;
    if (call.signer) headers.authorization = this.authorize(call, call.signer, body ?? new Uint8Array());
    const timeoutMs = call.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    return {
      method: call.method,
      url: new URL(this.address + call.path),
      headers,
      body,
      timeoutMs,
      answerMaximumBytes,
    };
  }

  /** A token is good for one use: every attempt gets its own. */
  private authorize({ method, path }: Call, { keyPair, coordinatorId }: Signer, body: Uint8Array): string {
    const context = { coordinatorId, nowMs: this.#clock.nowMs(), nonce: randomBytes(16) };
    return createRequestToken({ method, path, body }, context, keyPair);
  }
}
