// The fallback: blocks over HTTP from the coordinator's gateway, with bounded sizes and times.
import { BLOCK_MAXIMUM_BYTES, type Cid } from '@manyhands/contract';

/** A gateway that sends nothing for so long is given up. */
const STALL_MS = 10_000;
const REQUEST_MAXIMUM_MS = 120_000;

type GatewayAnswer = { ok: true; bytes: Uint8Array } | { ok: false; reason: 'missing' | 'corrupt' | 'failed' };

/** Fetches one block, not verified yet. Never throws; `signal` ends it early. */
export type FetchFromGateway = (gatewayUrl: string, cid: Cid, signal: AbortSignal) => Promise<GatewayAnswer>;

export const fetchFromGateway: FetchFromGateway = gatewayClient((input, init) => fetch(input, init));

/** A client whose connections `http` makes. */
export function gatewayClient(http: typeof fetch): FetchFromGateway {
  return (gatewayUrl, cid, signal) => fetchOver(http, `${gatewayUrl.replace(/\/+$/, '')}/blocks/${cid}`, signal);
}

async function fetchOver(http: typeof fetch, url: string, signal: AbortSignal): Promise<GatewayAnswer> {
  const stall = new AbortController();
  const timer = setTimeout(() => stall.abort(), STALL_MS);
  try {
    const response = await http(url, {
      redirect: 'error', // a block is where it is; a redirect could lead anywhere
      signal: AbortSignal.any([signal, stall.signal, AbortSignal.timeout(REQUEST_MAXIMUM_MS)]),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return { ok: false, reason: response.status === 404 ? 'missing' : 'failed' };
    }
    return await readBody(response, () => timer.refresh());
  } catch {
    return { ok: false, reason: 'failed' };
  } finally {
    clearTimeout(timer);
  }
}

async function readBody(response: Response, onBytes: () => void): Promise<GatewayAnswer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    onBytes();
    sizeBytes += chunk.length;
    if (sizeBytes > BLOCK_MAXIMUM_BYTES) return { ok: false, reason: 'corrupt' };
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return { ok: true, bytes };
}
