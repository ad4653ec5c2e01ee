// A real coordinator on a folder of its own, and a scientist's calls to it.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Block,
  type CoordinatorId,
  createRequestToken,
  type ErrorBody,
  type KeyPair,
  utf8Bytes,
} from '@manyhands/contract';
import type { CoordinatorOptions, RunningCoordinator, startCoordinator } from '@manyhands/coordinator';
import { atEnd, builtFile, temporaryFolder, until as untilTrue } from '@manyhands/testing';

export const OPERATOR_TOKEN = 'the-token-of-the-operator';

/** Long, so that no lease ends while a test is at work, however busy the machine is. */
const LEASE_MINIMUM_MS = 10 * 60_000;

/** A folder that is removed after the test. */
export const testFolder = temporaryFolder;

/** Starts a coordinator, open to projects and quiet unless told otherwise; stopped after the test, or after the file when it starts outside of tests. */
export async function started(
  options: Partial<CoordinatorOptions> = {},
  { hasToken = true }: { hasToken?: boolean } = {},
): Promise<RunningCoordinator> {
  const built = (await import(builtFile('coordinator/dist/index.js'))) as { startCoordinator: typeof startCoordinator };
  const coordinator = await built.startCoordinator({
    dataDirectory: options.dataDirectory ?? (await testFolder()),
    port: 0,
    isOpen: true,
    logLevel: 'error',
    ...(hasToken && { operatorToken: OPERATOR_TOKEN }),
    diskReserveBytes: 0,
    ...(process.env.MANYHANDS_UNDER_TEST === undefined && { nice: 0 }), // an earlier version knows no such option
    leaseMinimumMs: LEASE_MINIMUM_MS,
    ...options,
  });
  atEnd(() => coordinator.stop());
  return coordinator;
}

export type Answer<T = unknown> = { status: number; body: T & ErrorBody; headers: Headers };
export type Call = {
  json?: unknown;
  bytes?: Uint8Array;
  signer?: KeyPair;
  headers?: Record<string, string>;
};

/** Calls a coordinator as somebody with a key, or nobody. */
export class Client {
  constructor(private readonly coordinator: Pick<RunningCoordinator, 'url' | 'coordinatorId'>) {}

  get coordinatorId(): CoordinatorId {
    return this.coordinator.coordinatorId;
  }

  /** Like every real client it comes again when the coordinator, on a machine that is hard pressed, tells it a time. */
  async call<T = unknown>(method: string, path: string, call: Call = {}): Promise<Answer<T>> {
    for (;;) {
      const answer = await this.once<T>(method, path, call);
      const { retryAfterMs } = answer.body?.meta ?? {};
      const isLater = answer.status === 503 && answer.body.code === 'MH-WIR-004' && method !== 'GET';
      if (!isLater || typeof retryAfterMs !== 'number') return answer;
      await sleep(retryAfterMs);
    }
  }

  private async once<T>(method: string, path: string, call: Call): Promise<Answer<T>> {
    const body = call.bytes ?? (call.json === undefined ? undefined : utf8Bytes(JSON.stringify(call.json)));
    const response = await fetch(this.coordinator.url + path, {
      method,
      headers: {
        ...(body && { 'content-type': call.bytes ? 'application/octet-stream' : 'application/json' }),
        ...(call.signer && { authorization: this.token(method, path, { body, signer: call.signer }) }),
        ...call.headers,
      },
      redirect: 'manual',
      ...(body && { body: body as BodyInit }),
    });
    const text = await response.text();
    return { status: response.status, body: parse(text) as T & ErrorBody, headers: response.headers };
  }

  /** The authorization of one call. */
  token(method: string, path: string, { body, signer }: { body: Uint8Array | undefined; signer: KeyPair }): string {
    const context = { coordinatorId: this.coordinatorId, nowMs: Date.now(), nonce: Uint8Array.from(randomBytes(16)) };
    return createRequestToken({ method, path, body: body ?? new Uint8Array() }, context, signer);
  }

  putBlock(block: Block, project: { projectId: string; signer: KeyPair }): Promise<Answer> {
    const path = `/api/v1/blocks/${block.cid}?project=${project.projectId}`;
    return this.call('PUT', path, { bytes: block.bytes, signer: project.signer });
  }

  operator<T = unknown>(method: string, path: string, json?: unknown): Promise<Answer<T>> {
    const headers = { authorization: `Bearer ${OPERATOR_TOKEN}` };
    return this.call<T>(method, `/api/v1/operator${path}`, { headers, ...(json !== undefined && { json }) });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Asks until the answer fits; for states that come by themselves. */
export async function until<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  let last: T | undefined;
  const what = () => `an answer that fits ${fits}; the last one was ${JSON.stringify(last)}`;
  const { answer } = await untilTrue(what, async () => {
    last = await ask();
    return fits(last) && { answer: last };
  });
  return answer;
}
