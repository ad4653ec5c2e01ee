// What is said when no coordinator is found at an address: nothing answers there, or something else does.
import { ManyhandsError } from '../errors/manyhands-error.js';
import { networkTrouble } from '../errors/system-errors.js';

/** `status`: of an answer that no coordinator gives. MH-GEN-005 with the reason and what to check. */
export function unreachable(address: string, cause: unknown, status?: number): ManyhandsError {
  const reason = networkTrouble(cause) ?? reasonOf(cause);
  const isElsewhere = /redirect/.test(reason);
  const isOther = isElsewhere || cause instanceof SyntaxError || (status !== undefined && !isOfProxy(status));
  const why = isElsewhere ? 'it sends callers to another address; use that one' : reason;
  const message = isOther
    ? `Something answers at ${address}, but it is not a coordinator${cause instanceof SyntaxError ? '' : `: ${why}`}. Please check the address.`
    : `Can't reach a Manyhands coordinator at ${address}: ${why}. Please check the address, and that the coordinator is running.`;
  const meta = { url: address, ...(status !== undefined && { status }) };
  return new ManyhandsError('MH-GEN-005', { message, meta, cause });
}

/** Proxies say 502 to 504 for a coordinator that is away for a moment. */
function isOfProxy(status: number): boolean {
  return status >= 502 && status <= 504;
}

/** The innermost cause says what happened; fetch itself only says "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  const { code } = error as { code?: unknown };
  return (error.message || (typeof code === 'string' ? code : error.name)).replace(/\.$/, '');
}
