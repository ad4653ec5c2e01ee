// What is said when nothing answers at the address of a coordinator.
import { ManyhandsError } from '../errors/manyhands-error.js';
import { networkTrouble } from '../errors/system-errors.js';

/** MH-GEN-005 with the reason and what to check. An answer of something else is a matter of `foreignAnswer`. */
export function unreachable(address: string, cause: unknown): ManyhandsError {
  const reason = networkTrouble(cause) ?? reasonOf(cause);
  const message = `Can't reach a Manyhands coordinator at ${address}: ${reason}. Please check the address, and that the coordinator is running.`;
  return new ManyhandsError('MH-GEN-005', { message, meta: { url: address }, cause });
}

/** The innermost cause says what happened; fetch itself only says "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOf(error.cause);
  const { code } = error as { code?: unknown };
  return (error.message || (typeof code === 'string' ? code : error.name)).replace(/\.$/, '');
}
