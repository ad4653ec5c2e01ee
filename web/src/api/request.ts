// One JSON request to the coordinator that serves this page.
import { plainLines } from '@manyhands/contract/words';

/** Longest wait for an answer; polling asks again anyway. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Why there is no answer: nobody is there, or it takes too long. */
type Silence = 'unreachable' | 'late';

/** An answer other than success, or none. `status` is null when there was none. */
export class RequestError extends Error {
  readonly status: number | null;
  /** The coordinator's stable error code, if it sent one. */
  readonly code: string | null;
  /** Null when there was an answer. */
  readonly silence: Silence | null;

  constructor(facts: { readonly status: number; readonly code: string | null } | Silence) {
    super(
      typeof facts === 'string' ? `The coordinator is ${facts}.` : `The coordinator answered HTTP ${facts.status}.`,
    );
    this.status = typeof facts === 'string' ? null : facts.status;
    this.code = typeof facts === 'string' ? null : facts.code;
    this.silence = typeof facts === 'string' ? facts : null;
  }
}

/** Whether the coordinator, or a proxy before it, says that it is there but has no time. Slow is not lost. */
export function isBusy(error: Error | null): boolean {
  return error instanceof RequestError && (error.silence === 'late' || error.status === 429 || error.status === 503);
}

/** Whether there is nothing at the address that was asked for: an unknown identifier, or none at all. */
export function isNotFound(error: Error | null): boolean {
  return error instanceof RequestError && (error.status === 404 || error.status === 400);
}

/** GET of a path under /api/v1. The shape is the contract's: the coordinator and its pages are released together. Throws RequestError. */
export async function getJson<T>(path: string, signal: AbortSignal): Promise<T> {
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`/api/v1${path}`, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.any([signal, timeout]),
    });
    body = await bodyOf(response);
  } catch (error) {
    if (signal.aborted) throw error;
    throw new RequestError(timeout.aborted ? 'late' : 'unreachable');
  }
  if (!response.ok) throw new RequestError({ status: response.status, code: codeIn(body) });
  // A proxy's page in the place of JSON, or an answer cut off.
  if (body === undefined) throw new RequestError('unreachable');
  return body as T;
}

/** Its texts are those of strangers, and become plain here. Undefined if it is no JSON. Throws when the connection breaks. */
async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text, (_key, value) => (typeof value === 'string' ? plainLines(value) : value));
  } catch {
    return undefined;
  }
}

function codeIn(body: unknown): string | null {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string'
    ? body.code
    : null;
}
