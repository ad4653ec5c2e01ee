// What the coordinator, or something in its place, answers to an HTTP call: bounded, checked, and every refusal as an error with a code.
import { errorBodySchema, foreignAnswer, isErrorCode, ManyhandsError, unreachable } from '@manyhands/contract';

const ANSWER_MAXIMUM_BYTES = 4 * 1024 * 1024;

export type HttpCall = {
  /** The coordinator's address, as errors name it. */
  coordinatorUrl: string;
  path: string;
  init: RequestInit;
  /** Ends the call when it takes too long. */
  limit: AbortSignal;
  fetch: typeof fetch;
};

/** Makes a call. Throws the coordinator's own code, MH-GEN-004, MH-GEN-005, MH-NET-…; the signal's reason when aborted. */
export async function call(
  { coordinatorUrl, path, init, limit, fetch }: HttpCall,
  signal: AbortSignal,
): Promise<Response> {
  const answer = fetch(coordinatorUrl + path, {
    ...init,
    redirect: 'manual',
    signal: AbortSignal.any([signal, limit]),
  });
  const response = await answer.catch((cause: unknown) => {
    signal.throwIfAborted();
    throw limit.aborted ? tooSlow(coordinatorUrl) : unreachable(coordinatorUrl, cause);
  });
  if (response.ok && !isPage(response)) return response;
  throw await refusalOf(coordinatorUrl, response);
}

function tooSlow(coordinatorUrl: string): ManyhandsError {
  const message = `${coordinatorUrl} did not answer in time; the line may be slow or broken.`;
  return new ManyhandsError('MH-GEN-004', { message, meta: { url: coordinatorUrl } });
}

/** A limit for downloads, however long they take in all: it ends when nothing more comes for a while. */
export class Silence {
  readonly #controller = new AbortController();
  readonly #maximumMs: number;
  #timer: NodeJS.Timeout;

  constructor(maximumMs: number) {
    this.#maximumMs = maximumMs;
    this.#timer = this.#start();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Passes the pieces of an answer on. Throws MH-GEN-004 when they stop coming. */
  async *during(coordinatorUrl: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of pieces) {
        clearTimeout(this.#timer);
        yield piece;
        this.#timer = this.#start();
      }
    } catch (error) {
      throw this.signal.aborted ? tooSlow(coordinatorUrl) : error;
    } finally {
      clearTimeout(this.#timer);
    }
  }

  #start(): NodeJS.Timeout {
    return setTimeout(() => this.#controller.abort(), this.#maximumMs).unref();
  }
}

/** No call of a worker is answered with a web page. */
function isPage(response: Response): boolean {
  return /html/i.test(response.headers.get('content-type') ?? '');
}

/** The value of a JSON answer. Throws MH-GEN-011, MH-NET-001. */
export async function jsonOf(coordinatorUrl: string, response: Response): Promise<unknown> {
  const value = parse(await readBounded(response));
  if (value !== undefined) return value;
  throw foreignAnswer(coordinatorUrl, { status: response.status, contentType: response.headers.get('content-type') });
}

async function refusalOf(coordinatorUrl: string, response: Response): Promise<ManyhandsError> {
  const text = await readBounded(response).catch(() => '');
  const body = errorBodySchema.safeParse(parse(text));
  if (body.success && isErrorCode(body.data.code)) {
    const { code, message, meta } = ManyhandsError.fromObject(body.data);
    // By its date a caller whose clock is wrong learns the coordinator's.
    return new ManyhandsError(code, { message, meta: { ...meta, date: response.headers.get('date') } });
  }
  return foreignAnswer(coordinatorUrl, { status: response.status, contentType: response.headers.get('content-type') });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
