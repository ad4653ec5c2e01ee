// One HTTP exchange: a time limit, a bound on the answer, and every way to fail as an error with a code.
import { errorBodySchema, foreignAnswer, isErrorCode, ManyhandsError, nextOf, unreachable } from '@manyhands/contract';

export type HttpCall = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: URL;
  headers: Record<string, string>;
  body: Uint8Array | undefined;
  timeoutMs: number;
  answerMaximumBytes: number;
};

/** Seconds that an answer asked to wait, as milliseconds; kept in the error's `meta.retryAfterMs`. */
const RETRY_AFTER_MAXIMUM_MS = 60_000;

/** What came, and what it says that it is. */
export type Answer = {
  bytes: Uint8Array;
  status: number;
  contentType: string | null;
  /** The path of the next page of a list; null when there is none. */
  next: string | null;
};

/**
 * Sends the call and reads the whole answer. Throws MH-GEN-004, MH-GEN-005, MH-GEN-011, MH-NET-… when something else than the coordinator answers, or the
 * error in the answer; the signal's reason when aborted.
 */
export async function exchange(call: HttpCall, signal: AbortSignal | undefined): Promise<Answer> {
  const timeout = AbortSignal.timeout(call.timeoutMs);
  try {
    const response = await fetch(call.url, {
      method: call.method,
      headers: call.headers,
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(call.body && { body: call.body as Uint8Array<ArrayBuffer> }),
    });
    const bytes = await readBounded(response, call.answerMaximumBytes);
    const { status } = response;
    const contentType = response.headers.get('content-type');
    if (!response.ok) throw errorOf(response, bytes, call.url);
    if (/html/i.test(contentType ?? '')) throw foreignAnswer(call.url.origin, { status, contentType });
    return { bytes, status, contentType, next: nextOf(response.headers.get('link')) };
  } catch (error) {
    signal?.throwIfAborted();
    if (timeout.aborted) throw tooSlow(call);
    throw error instanceof ManyhandsError ? error : unreachable(call.url.origin, error);
  }
}

function tooSlow({ url, timeoutMs }: HttpCall): ManyhandsError {
  return new ManyhandsError('MH-GEN-004', {
    message: `${url.origin} did not answer within ${Math.round(timeoutMs / 1000)} s.`,
    meta: { url: url.origin, timeoutMs },
  });
}

async function readBounded(response: Response, maximumBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const part of response.body ?? []) {
    sizeBytes += part.length;
    if (sizeBytes > maximumBytes)
      throw new ManyhandsError('MH-GEN-011', {
        message: `An answer of the coordinator is larger than ${maximumBytes} bytes.`,
      });
    parts.push(part);
  }
  const bytes = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function errorOf(response: Response, bytes: Uint8Array, url: URL): ManyhandsError {
  const body = errorBodySchema.safeParse(parseJson(bytes));
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  const retryAfterMs = Number.isFinite(seconds) ? Math.min(RETRY_AFTER_MAXIMUM_MS, seconds * 1000) : 0;
  if (body.success && isErrorCode(body.data.code)) {
    const { code, message, meta } = ManyhandsError.fromObject(body.data);
    // The right time, for who signed by a wrong clock.
    const date = code === 'MH-SIG-005' ? response.headers.get('date') : null;
    return new ManyhandsError(code, {
      message,
      meta: { ...meta, ...(retryAfterMs > 0 && { retryAfterMs }), ...(date !== null && { date }) },
    });
  }
  if (response.status === 429) return new ManyhandsError('MH-GEN-012', { meta: { retryAfterMs } });
  return foreignAnswer(url.origin, { status: response.status, contentType: response.headers.get('content-type') });
}

/** The JSON value of an answer; undefined when it is none. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
