// One JSON request to the coordinator that serves this page.

/** Longest wait for an answer; polling asks again anyway. */
const REQUEST_TIMEOUT_MS = 10_000;

/** An answer other than success, or none. `status` is null when the coordinator could not be reached. */
export class RequestError extends Error {
  readonly status: number | null;
  /** The coordinator's stable error code, if it sent one. */
  readonly code: string | null;

  constructor(status: number | null, code: string | null) {
    super(status === null ? 'The coordinator could not be reached.' : `The coordinator answered HTTP ${status}.`);
    this.status = status;
    this.code = code;
  }
}

/** GET of a path under /api/v1. The shape is the contract's: the coordinator and its pages are released together. Throws RequestError. */
export async function getJson<T>(path: string, signal: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new RequestError(null, null);
  }
  if (!response.ok) throw new RequestError(response.status, await errorCodeOf(response));
  try {
    return (await response.json()) as T;
  } catch {
    // A proxy's page in the place of JSON, or an answer cut off.
    throw new RequestError(null, null);
  }
}

async function errorCodeOf(response: Response): Promise<string | null> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string'
      ? body.code
      : null;
  } catch {
    return null;
  }
}
